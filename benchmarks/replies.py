"""Measure how well and how fast replies are read: ``python -m benchmarks.replies``.

The mail is read from ``../shared/corpus`` beside the checkout; without it, or with
another folder named on the command line, say so::

    python -m benchmarks.replies [FOLDER]
"""

import base64
import json
import re
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from services.mail_gateway.inbound import read_message
from services.mail_gateway.reply import extract_reply
from services.mail_gateway.verdict import read_verdict

#: Where the corpus lies: beside the checkout.
CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_MARKS = ("exact", "leak", "cut", "wrong", "empty")

type Case = dict[str, Any]


def score_replies(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each case's source and how its reply was read.

    Args:
        path: JSON lines with ``kind``, ``input`` and ``expected_reply``.
    """
    for case in _cases(path):
        yield case["source"].split(":")[0], _mark(case, _read(case))


def count_kinds(path: Path) -> Counter[tuple[str, str]]:
    """Count messages by their label and the kind that was read.

    Args:
        path: JSON lines with ``label`` and ``input``, a message in base64.
    """
    return Counter(
        (case["label"], read_message(base64.b64decode(case["input"])).kind)
        for case in _cases(path)
    )


def _cases(path: Path) -> Iterator[Case]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _read(case: Case) -> str:
    if case["kind"] == "eml":
        return read_message(base64.b64decode(case["input"])).reply_text
    if case["kind"] == "html":
        return extract_reply("", html=case["input"])
    return extract_reply(case["input"])


def _mark(case: Case, got: str) -> str:
    read, wanted = _fold(got), _fold(case["expected_reply"])
    others = [_fold(text) for text in case.get("alt_expected", [])]
    if read in [wanted, *others]:
        return "exact"
    if not read:
        return "empty"
    if wanted in read:
        return "leak"
    return "cut" if read in wanted else "wrong"


def _fold(text: str) -> str:
    composed = unicodedata.normalize("NFC", text or "")
    return " ".join(_INVISIBLE.sub("", composed).split())


def _rate(work: Callable[[Any], object], items: list[Any]) -> str:
    """Return how many items a second are done; the best of three rounds."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        for item in items:
            work(item)
        best = min(best, time.perf_counter() - start)
    return f"{len(items) / best:,.0f} a second"


def _print_accuracy(path: Path) -> None:
    sources: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for source, mark in score_replies(path):
        sources[source][mark] += 1
        sources["all"][mark] += 1
    _show(f"{'source':40}" + "".join(f"{mark:>7}" for mark in (*_MARKS, "%")))
    for source, marks in sorted(sources.items()):
        share = 100 * marks["exact"] / marks.total()
        figures = "".join(f"{marks[mark]:7}" for mark in _MARKS)
        _show(f"{source:40}{figures}{share:7.1f}")


def _print_kinds(path: Path) -> None:
    for (label, kind), count in sorted(count_kinds(path).items()):
        _show(f"{label:12} read as {kind:12} {count:5}")


def _print_speed(folder: Path) -> None:
    replies = list(_cases(folder / "replies.jsonl"))
    texts = [case["input"] for case in replies if case["kind"] == "text"]
    automatic = _cases(folder / "automatic.jsonl")
    raws = [base64.b64decode(case["input"]) for case in automatic]
    mails = [_message(text) for text in texts]
    _show(f"new text of a text       {_rate(extract_reply, texts)}")
    _show(f"whole reply and verdict  {_rate(_decide, mails)}")
    _show(f"automatic mail           {_rate(read_message, raws)}")


def _message(text: str) -> bytes:
    head = "From: a@example.com\nContent-Type: text/plain; charset=utf-8\n\n"
    return f"{head}{text}".encode()


def _decide(raw: bytes) -> object:
    return read_verdict(read_message(raw).reply_text)


def _show(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main(arguments: list[str]) -> int:
    """Print the tables; return 2 where there is no corpus."""
    folder = Path(arguments[0]) if arguments else CORPUS
    if not (folder / "replies.jsonl").exists():
        _show(f"no corpus in {folder}")
        return 2
    _print_accuracy(folder / "replies.jsonl")
    _show("")
    _print_kinds(folder / "automatic.jsonl")
    _show("")
    _print_speed(folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
