"""Letters: what a message says, as subject, text part and HTML part.

The words stand in ``templates/mail``. Here the facts of a message become the
values that those templates show, each made showable: one line where it stands
in a sentence, a text where it stands by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from signoff.domain.message import Message
from signoff.domain.request_json import choice_from_json
from signoff.domain.wording import REPLY_MARKER
from signoff.rendering import (
    clean_line,
    clean_text,
    render_mail,
    render_words,
    spell_fingerprint,
    spell_instant,
)

from .excerpts import excerpt

#: Gmail clips HTML at 102 kB. This many octets stay under 90 kB in base64 too.
MAX_HTML_OCTETS = 64_000
#: A mail shows at most this much of a body; the page shows the whole. Where its
#: HTML gets too long, less and less of it is shown.
_BODY_LIMITS = (16_000, 8_000, 4_000, 2_000, 1_000, 0)
_COMMENT_LIMIT = 2_000
#: A prepared reply's subject; some mail programs open no long links.
_MAILTO_SUBJECT = 80
_UNCLEAR = "unclear"

type _Facts = Mapping[str, Any]
type _Context = dict[str, Any]


@dataclass(frozen=True)
class Letter:
    """What a mail says."""

    subject: str
    text: str
    html: str
    #: Whether a reply to it can decide.
    answerable: bool


@dataclass(frozen=True)
class ReplyWord:
    """One answer as it can be given by mail."""

    #: What to write on the first line of a reply.
    word: str
    #: What it means.
    label: str
    positive: bool
    #: A link that opens the reply ready to be sent (RFC 6068).
    mailto: str

    @property
    def explained(self) -> bool:
        """Whether the label says more than the word."""
        return self.word.casefold() != self.label.casefold()


def write_letter(message: Message, link: str, reply_to: str) -> Letter:
    """Write the letter of a message.

    Args:
        message: What it is about.
        link: The page of the invitation.
        reply_to: The address whose replies answer the invitation.
    """
    context = _context(message, link, reply_to)
    if message.kind == "invitation":
        return _write_invitation(context, message.facts["request"])
    if message.kind == "confirmation":
        return _write_confirmation(context, message.facts)
    return _write_notice(context, message.facts)


def _context(message: Message, link: str, reply_to: str) -> _Context:
    """Return what every letter may show."""
    facts = message.facts
    subject = clean_line(facts["subject"])
    return {
        "subject": subject,
        "workflow": clean_line(facts["workflow"]),
        "deadline": _spell(facts["deadline"]),
        "fingerprint": spell_fingerprint(facts["digest"]),
        "link": link,
        "marker": REPLY_MARKER,
        "address": clean_line(message.to.address),
        "reply_words": _reply_words(facts, reply_to, subject),
    }


def _write_invitation(context: _Context, request: _Facts) -> Letter:
    context |= {
        "requester": clean_line(request.get("requester") or ""),
        "asked": len(request.get("approvers", ())),
        "everybody": request.get("policy") == "all",
    }
    whole = clean_text(request.get("body", "")).strip()
    texts: list[str] = []
    html = ""
    for limit in _BODY_LIMITS:
        body = excerpt(whole, limit)
        cut = len(body) < len(whole)
        text, html = render_mail("invitation", **context, body=body, cut=cut)
        texts.append(text)
        if len(html.encode()) <= MAX_HTML_OCTETS:
            break
    return Letter(context["subject"], texts[0], html, answerable=True)


def _write_confirmation(context: _Context, facts: _Facts) -> Letter:
    answer = facts["answer"]
    context |= {
        "answer": _describe_answer(facts, answer),
        "comment": _comment(answer),
    }
    name = "counted" if facts["counted"] else "uncounted"
    return _write_reply(context, name, answerable=False)


def _write_notice(context: _Context, facts: _Facts) -> Letter:
    why: str = facts["why"]
    answer, summary = facts.get("answer"), facts.get("summary")
    context |= {
        "reason": facts.get("reason") or "",
        "answer": _describe_answer(facts, answer) if answer else None,
        "summary": _describe_summary(facts, summary) if summary else None,
        "comment": "",
    }
    return _write_reply(context, why, answerable=why == _UNCLEAR)


def _write_reply(context: _Context, name: str, *, answerable: bool) -> Letter:
    """Write a letter that stands in the thread of the invitation."""
    heading, paragraphs = render_words(name, **context)
    text, html = render_mail(
        "reply",
        **context,
        name=name,
        heading=heading,
        paragraphs=paragraphs,
        answerable=answerable,
    )
    return Letter(f"Re: {context['subject']}", text, html, answerable)


def _reply_words(facts: _Facts, reply_to: str, subject: str) -> list[ReplyWord]:
    about = quote(f"Re: {subject[:_MAILTO_SUBJECT]}", safe="")
    words: list[ReplyWord] = []
    for choice in map(choice_from_json, facts["choices"]):
        word = choice.id.upper().replace("_", " ")
        mailto = f"mailto:{reply_to}?subject={about}&body={quote(word, safe='')}"
        label = clean_line(choice.label)
        words.append(ReplyWord(word, label, choice.positive, mailto))
    return words


def _describe_answer(facts: _Facts, answer: _Facts) -> _Context:
    return {
        "label": _label(facts, answer["choice"]),
        "at": _spell(answer["at"]),
        "channel": answer["channel"],
    }


def _describe_summary(facts: _Facts, summary: _Facts) -> _Context:
    return {
        "outcome": summary["outcome"],
        "label": _label(facts, summary["outcome"]),
        "at": _spell(summary["decided_at"]),
        "answers": [
            {"approver": clean_line(approver), "label": _label(facts, choice)}
            for approver, choice in summary["answers"]
        ],
    }


def _comment(answer: _Facts) -> str:
    comment = clean_text(answer["comment"]).strip()
    shown = excerpt(comment, _COMMENT_LIMIT)
    return shown if shown == comment else f"{shown} […]"


def _label(facts: _Facts, choice_id: str) -> str:
    """Return how a choice is called; an outcome that is none is its own name."""
    labels = {choice["id"]: choice["label"] for choice in facts["choices"]}
    return clean_line(labels.get(choice_id, choice_id))


def _spell(instant: str) -> str:
    return spell_instant(datetime.fromisoformat(instant))
