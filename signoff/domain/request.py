"""What is asked, of whom, until when: the request of an approval."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta

from signoff.domain.addresses import canonical, parse_address, parse_mailbox
from signoff.domain.choices import DEFAULT_CHOICES, Choice
from signoff.domain.policy import ANY, Policy
from signoff.errors import InvalidRequestError, Problem

#: A request as JSON takes at most this many octets, so that every promise that
#: carries it stays small.
MAX_REQUEST_OCTETS = 32 * 1024
#: A deadline lies at most this far ahead; a workflow's promise lives 400 days.
MAX_DEADLINE = timedelta(days=365)
#: What one message's To and one page can still show.
MAX_APPROVERS = 20
#: With more, a reply by number and the buttons of a mail stop being readable.
MAX_CHOICES = 9
_MAX_LINE = 200


@dataclass(frozen=True)
class Approver:
    """A person who is asked.

    Raises:
        InvalidRequestError: The address is none.
    """

    #: Their mail address.
    address: str
    #: How they are called; may be empty.
    name: str = ""
    #: The language they read, as a BCP 47 tag such as ``de``; None: English.
    language: str | None = None

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "address", parse_address(self.address))
        except ValueError as error:
            raise InvalidRequestError([Problem("address", str(error))]) from error


@dataclass(frozen=True, kw_only=True)
class ApprovalRequest:
    """What is asked. What is left open is filled in when the approval starts.

    Raises:
        InvalidRequestError: With every problem, each naming its field.
    """

    #: One line that says what is asked; the subject of the mail.
    subject: str = "Please approve"
    #: The question in full, as Markdown without raw HTML.
    body: str = ""
    #: Who is asked; empty: the default approver of the installation.
    approvers: tuple[Approver, ...] = ()
    #: The answers that are allowed.
    choices: tuple[Choice, ...] = DEFAULT_CHOICES
    #: How many have to say yes.
    policy: Policy = ANY
    #: Until when: an aware instant, or a time from the start; None: the default.
    deadline: datetime | timedelta | None = None
    #: On whose behalf, as a mailbox such as ``Ada <ada@example.com>``.
    requester: str | None = None

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise InvalidRequestError(problems)

    def choice(self, id_: str) -> Choice:
        """Return the choice of that id.

        Raises:
            KeyError: The request allows no such choice.
        """
        for choice in self.choices:
            if choice.id == id_:
                return choice
        raise KeyError(id_)


def check_deadline(deadline: datetime, now: datetime) -> Problem | None:
    """Say what is wrong with an absolute deadline, if anything."""
    if deadline <= now:
        return Problem("deadline", f"{deadline.isoformat()} is in the past")
    if deadline - now > MAX_DEADLINE:
        return Problem("deadline", f"lies more than {MAX_DEADLINE.days} days ahead")
    return None


def due_at(deadline: datetime | timedelta, now: datetime) -> datetime:
    """Resolve a deadline against the start, to the second, in UTC.

    To the second because that is what mail and page show: link, promise and
    text then end at the same instant.
    """
    instant = deadline if isinstance(deadline, datetime) else now + deadline
    return instant.astimezone(UTC).replace(microsecond=0)


def digest(request: ApprovalRequest) -> str:
    """Return the SHA-256, in hex, of what an approver is shown."""
    shown = {
        "subject": request.subject,
        "body": request.body,
        "choices": [[choice.id, choice.label] for choice in request.choices],
        "requester": request.requester,
        "deadline": str(request.deadline),
    }
    canonical_json = json.dumps(shown, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical_json.encode()).hexdigest()


def _problems(request: ApprovalRequest) -> Iterator[Problem]:
    yield from _line_problems("subject", request.subject)
    if "\0" in request.body:
        yield Problem("body", "has a NUL character")
    yield from _approver_problems(request.approvers)
    yield from _choice_problems(request.choices)
    yield from _deadline_problems(request.deadline)
    if request.requester is not None:
        try:
            parse_mailbox(request.requester)
        except ValueError as error:
            yield Problem("requester", str(error))


def _line_problems(field: str, text: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem(field, "is empty; say in one line what is asked")
    if len(text) > _MAX_LINE:
        yield Problem(field, f"has {len(text)} characters; {_MAX_LINE} are allowed")
    if not text.isprintable():
        yield Problem(field, "has line breaks or control characters")


def _approver_problems(approvers: Sequence[Approver]) -> Iterator[Problem]:
    if len(approvers) > MAX_APPROVERS:
        yield Problem("approvers", f"at most {MAX_APPROVERS} can be asked")
    seen: set[str] = set()
    for index, approver in enumerate(approvers):
        field = f"approvers[{index}]"
        if canonical(approver.address) in seen:
            yield Problem(f"{field}.address", f"{approver.address} is there twice")
        seen.add(canonical(approver.address))
        if approver.name:
            yield from _line_problems(f"{field}.name", approver.name)
        if approver.language is not None:
            yield from _line_problems(f"{field}.language", approver.language)


def _choice_problems(choices: Sequence[Choice]) -> Iterator[Problem]:
    if not 1 < len(choices) <= MAX_CHOICES:
        yield Problem("choices", f"2 to {MAX_CHOICES} are needed")
    if not any(choice.positive for choice in choices):
        yield Problem("choices", "at least one has to be positive")
    ids = [choice.id for choice in choices]
    for index, choice in enumerate(choices):
        field = f"choices[{index}]"
        if not (
            choice.id.isascii() and choice.id.islower() and choice.id.isidentifier()
        ):
            yield Problem(f"{field}.id", "use lower-case letters, digits and _")
        if choice.id in ids[:index]:
            yield Problem(f"{field}.id", f"{choice.id} is there twice")
        yield from _line_problems(f"{field}.label", choice.label)
        for word in choice.words:
            yield from _line_problems(f"{field}.words", word)


def _deadline_problems(deadline: datetime | timedelta | None) -> Iterator[Problem]:
    if isinstance(deadline, datetime) and deadline.utcoffset() is None:
        yield Problem("deadline", "needs a time zone, such as 2030-01-31T17:00:00Z")
    elif isinstance(deadline, datetime) and deadline.year in (MINYEAR, MAXYEAR):
        yield Problem("deadline", "lies beyond what calendars here can tell")
    if isinstance(deadline, timedelta) and deadline < timedelta(seconds=1):
        yield Problem("deadline", "has to be at least a second")
    if isinstance(deadline, timedelta) and deadline > MAX_DEADLINE:
        yield Problem("deadline", f"lies more than {MAX_DEADLINE.days} days ahead")
