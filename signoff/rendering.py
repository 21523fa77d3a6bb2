"""Rendering: templates, Markdown and instants, as mails and pages show them.

What outsiders wrote is only ever a value that a template shows, never the
source of one; HTML templates escape every value. Markdown becomes HTML without
raw HTML, without images (a picture from afar would tell when a mail is read)
and with links to the web and to mailboxes only.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from signoff.processes import templates_dir

if TYPE_CHECKING:
    from css_inline import CSSInliner

#: Not left to the C library: what a mail says may not hang on a locale.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
#: Controls; marks that turn the direction of the text around them, and so could
#: make our own words read differently; the halves of surrogate pairs, which
#: JSON can carry and UTF-8 cannot.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_LINK = re.compile(r"(https?://|mailto:)[^\s]", re.IGNORECASE)
#: The line under a table's head. Rows are filled up to its length, so that a few
#: characters make many cells: beyond this many, tables stay text.
_TABLE_RULE = frozenset(" \t>|:-")
_MAX_TABLE_CELLS = 20_000
_FINGERPRINT_LENGTH, _FINGERPRINT_GROUP = 12, 4


def render_web(name: str, /, **context: Any) -> str:
    """Render a page of ``templates/web``.

    Args:
        name: The template's file name; ``.html`` may be left out.
        context: The values that it shows.
    """
    file = name if name.endswith(".html") else f"{name}.html"
    return _environment("web").get_template(file).render(context)


def render_mail(name: str, /, **context: Any) -> tuple[str, str]:
    """Render the two parts of a mail from ``templates/mail``.

    Args:
        name: The templates' common name, such as ``invitation``.
        context: The values that they show.

    Returns:
        The text part and the HTML part, its styles inlined.
    """
    templates = _environment("mail")
    text = templates.get_template(f"{name}.txt").render(context)
    html = templates.get_template(f"{name}.html").render(context)
    return text, _inliner().inline(html)


def render_words(name: str, /, **context: Any) -> tuple[str, tuple[str, ...]]:
    """Render a wording of ``templates/mail/words``, for both parts of a mail.

    Args:
        name: The wording's name, such as ``late``.
        context: The values that it shows, each of one line.

    Returns:
        Its heading, and its paragraphs as one line each.
    """
    template = _environment("mail").get_template(f"words/{name}.txt")
    blocks = re.split(r"\n\s*\n", template.render(context).strip())
    heading, *paragraphs = (" ".join(block.split()) for block in blocks)
    return heading, tuple(paragraphs)


def markdown_html(text: str) -> Markup:
    """Return Markdown as HTML that is safe in a page or a mail.

    Raw HTML is shown as it was written, images as their description; a link
    leads to ``http:``, ``https:`` or ``mailto:`` or is none. Line breaks stay,
    as they do in the text part of a mail.
    """
    clean = clean_text(text)
    markdown = _markdown(tables=_table_cells(clean) <= _MAX_TABLE_CELLS)
    return Markup(markdown.render(clean))  # noqa: S704 (html is off)


def clean_text(text: str) -> str:
    """Return text without what cannot be shown, each line ended the same way."""
    lines = (line.rstrip() for line in text.splitlines())
    return _UNSHOWABLE.sub("", "\n".join(lines))


def clean_line(text: str) -> str:
    """Return text as one line, without what cannot be shown."""
    return " ".join(_UNSHOWABLE.sub(" ", text).split())


def spell_instant(instant: datetime) -> str:
    """Spell an instant for people: ``Mon 23 Nov 2026, 21:10:05 UTC``.

    Raises:
        ValueError: The instant has no time zone.
    """
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    at = instant.astimezone(UTC)
    day, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    return f"{day} {at.day} {month} {at.year}, {at:%H:%M:%S} UTC"


def spell_fingerprint(digest: str) -> str:
    """Spell a digest so that two people can compare it: ``1a2b 3c4d 5e6f``."""
    short = digest[:_FINGERPRINT_LENGTH]
    starts = range(0, len(short), _FINGERPRINT_GROUP)
    return " ".join(short[start : start + _FINGERPRINT_GROUP] for start in starts)


@cache
def _environment(folder: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_dir() / folder),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    filters = {
        "instant": spell_instant,
        "markdown": markdown_html,
        "fingerprint": spell_fingerprint,
    }
    environment.filters.update(filters)  # pyright: ignore[reportUnknownMemberType] (untyped in jinja2)
    return environment


@cache
def _inliner() -> "CSSInliner":
    from css_inline import CSSInliner  # noqa: PLC0415 (only who sends mail pays)

    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@cache
def _markdown(*, tables: bool) -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    markdown.enable(["table", "strikethrough"] if tables else ["strikethrough"])
    markdown.validateLink = _leads_out  # pyright: ignore[reportAttributeAccessIssue] (documented as replaceable)
    markdown.add_render_rule("image", _describe_image)
    return markdown


def _table_cells(text: str) -> int:
    """Return how many cells the tables of a text could come to, at most."""
    lines = text.split("\n")
    rules = (line for line in lines if "-" in line and _TABLE_RULE.issuperset(line))
    return max((rule.count("|") + 1 for rule in rules), default=0) * len(lines)


def _leads_out(url: str) -> bool:
    return _LINK.match(url) is not None


def _describe_image(
    _renderer: object, tokens: Sequence[Token], index: int, *_: object
) -> str:
    return str(escape(f"[image: {tokens[index].content}]"))
