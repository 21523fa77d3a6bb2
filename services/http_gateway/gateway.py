"""What every view of the gateway works with."""

from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from signoff.domain.keys import Keyring
from signoff.ports import Clock, Promises, Settlements, Workflows
from signoff.setting_values import connect_host, is_loopback
from signoff.settings import Settings

from .bridge import Bridge


class Engine(Promises, Workflows, Settlements, Protocol):
    """The engine, as far as this gateway uses it."""


@dataclass(frozen=True, kw_only=True)
class Face:
    """How the gateway looks from outside."""

    #: What links begin with, without a final slash.
    public_url: str
    #: Who may use the operator face; empty: this machine may.
    api_keys: tuple[str, ...] = ()
    #: Whether only this machine reaches the gateway.
    loopback: bool = True
    #: Where mail goes that has no SMTP server; None: there is no inbox to show.
    inbox: Path | None = None
    #: Where the mail gateway takes replies that are written in the inbox.
    mail_gateway: tuple[str, int] = ("127.0.0.1", 2525)

    @classmethod
    def from_settings(cls, settings: Settings) -> "Face":
        """Read the face off the settings."""
        loopback = is_loopback(settings.http_host)
        host = connect_host(settings.mail_host).strip("[]")
        return cls(
            public_url=settings.public_url,
            api_keys=settings.api_keys,
            loopback=loopback,
            inbox=settings.inbox_dir if loopback and not settings.smtp_url else None,
            mail_gateway=(host, settings.mail_port),
        )


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """The collaborators of the views."""

    engine: Engine
    bridge: Bridge
    keyring: Keyring
    clock: Clock
    face: Face
    #: The workflows of users that can be started by name.
    workflow_names: frozenset[str] = frozenset()
    #: How many calls may wait for a decision at once.
    long_polls: int = 16

    def call[T](self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a use case on the engine's loop; see `Bridge.call`."""
        return self.bridge.call(coroutine)
