"""Find what the styles of an HTML mail hide from who reads it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

_ZERO = r"[+-]?(?:0+\.?0*|\.0+)(?=[a-z%;!/)]|$)"
_HIDES = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|mso-hide:all"
    rf"|(?:opacity|max-height|font-size|(?<![a-z-])font):(?:calc\()?{_ZERO}"
    r"|text-decoration(?:-line)?:[^;]{0,80}line-through"
)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})[ \t\n]?|)")
_SPACE = re.compile(r"\s+")
_COMBINATORS = re.compile(r"[\s>+~]+")
_NAME = re.compile(r"[.#][\w-]+")
_TAG = re.compile(r"[a-z][a-z0-9]*")


def hides(declarations: str) -> bool:
    """Tell whether CSS declarations hide or strike out what they apply to."""
    return bool(_HIDES.search(_SPACE.sub("", _plain(declarations.lower()))))


@dataclass(frozen=True, slots=True)
class Hidden:
    """What the style sheets of a mail may hide.

    Of a selector its last part is looked at, of that a name or else the element's: more
    elements are found than a mail program would hide, never fewer of the usual ones.
    """

    #: Classes with ``.``, ids with ``#``, and names of elements, lower case.
    keys: frozenset[str] = frozenset()

    @classmethod
    def of(cls, sheet: str) -> Self:
        """Collect what a style sheet hides, in time linear in its length."""
        if not sheet.strip():
            return cls()
        return cls(frozenset(_hidden_keys(_plain(sheet.lower()))))

    def __bool__(self) -> bool:
        """Whether anything may be hidden."""
        return bool(self.keys)

    def has(self, tag: str, names: list[str]) -> bool:
        """Tell whether an element of these classes or this id may be hidden."""
        if tag in self.keys or "*" in self.keys:
            return True
        folded = [name.lower() for name in names]
        return any(
            f".{name}" in self.keys or f"#{name}" in self.keys for name in folded
        )


def _hidden_keys(sheet: str) -> Iterator[str]:
    for chunk in sheet.split("}"):
        head, _, declarations = chunk.rpartition("{")
        if hides(declarations):
            for selector in head.rpartition("{")[2].split(","):
                yield from _keys(selector)


def _keys(selector: str) -> Iterator[str]:
    last = _COMBINATORS.split(selector.strip())[-1].partition(":")[0]
    names = _NAME.findall(last)
    yield from names
    if not names and not last.endswith("%"):
        tag = _TAG.match(last)
        yield tag[0] if tag else "*"


def _plain(css: str) -> str:
    """Return CSS without comments and escapes."""
    first, *others = css.replace("<!--", "").replace("-->", "").split("/*")
    bare = first + "".join(other.partition("*/")[2] for other in others)
    return _ESCAPE.sub(_unescape, bare) if "\\" in bare else bare


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else 0
    return chr(code) if 0 < code < 128 else ""  # noqa: PLR2004 -- ASCII is what CSS is written in
