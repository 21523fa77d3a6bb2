"""The mail of a running installation, as its recipients get it."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from signoff.inbox import list_messages
from tests.end_to_end.http_calls import call

_LINK = re.compile(r"^http://\S+/respond/[a-z2-7]{43}$", re.MULTILINE)
_HREF = re.compile(r'href="([^"]+)"')


@dataclass(frozen=True)
class Mail:
    """One mail that arrived."""

    envelope_from: str
    recipient: str
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def kind(self) -> str:
        """What we say that it is: ``invitation``, ``notice``, ``confirmation``."""
        return self.message["X-Signoff-Message"]

    @cached_property
    def text(self) -> str:
        """The text part."""
        return self._part("plain")

    @cached_property
    def html(self) -> str:
        """The HTML part."""
        return self._part("html")

    @property
    def link(self) -> str:
        """The address of the page."""
        links = set(_LINK.findall(self.text))
        assert len(links) == 1, self.text
        return links.pop()

    @property
    def hrefs(self) -> list[str]:
        """Everything in the HTML part that one can click."""
        return [each.replace("&amp;", "&") for each in _HREF.findall(self.html)]

    @property
    def reply_to(self) -> str:
        """The address that answers go to."""
        return self.message["Reply-To"].addresses[0].addr_spec

    def quoted(self) -> str:
        """The text as mail programs quote it."""
        lines = (f"> {line}".rstrip() for line in self.text.splitlines())
        return "\n".join(["On Mon, 23 Nov 2026 at 10:00, Signoff wrote:", *lines])

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None
        return part.get_content().replace("\r\n", "\n")


class Mailbox(Protocol):
    """Where mail arrives."""

    def to(self, recipient: str) -> list[Mail]:
        """Return the mails to one address, the oldest first."""
        ...


@dataclass(frozen=True)
class InboxFolder:
    """The development inbox."""

    folder: Path

    def to(self, recipient: str) -> list[Mail]:
        """Return the mails to one address, the oldest first."""
        return [
            Mail(kept.envelope_from, kept.recipient, kept.content)
            for kept in reversed(list_messages(self.folder))
            if kept.recipient == recipient
        ]


@dataclass(frozen=True)
class MailpitApi:
    """Mailpit, read over its REST API."""

    url: str

    def to(self, recipient: str) -> list[Mail]:
        """Return the mails to one address, the oldest first."""
        query = quote(f'to:"{recipient}"')
        found = call("GET", f"{self.url}/api/v1/search?query={query}").json()
        ids = [message["ID"] for message in reversed(found["messages"])]
        return [self._read(id_, recipient) for id_ in ids]

    def _read(self, id_: str, recipient: str) -> Mail:
        message = f"{self.url}/api/v1/message/{id_}"
        sender = call("GET", message).json()["ReturnPath"]
        raw = call("GET", f"{message}/raw").text
        return Mail(sender, recipient, raw.encode())
