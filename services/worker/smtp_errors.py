"""What an SMTP error says of a mail: try again, or never.

==============================================  =========
what went wrong                                 the mail
==============================================  =========
no connection, TLS, greeting, EHLO, login       deferred
4xx anywhere; connection lost; time is up       deferred
5xx for the sender                              deferred
5xx for the sender that is about the size       refused
5xx for the recipient or the content            refused
the same, but it is about relaying or login     deferred
an address that the server cannot take          refused
==============================================  =========

What is deferred is about us, our settings or the network, and may mend; what is
refused is about this recipient or this mail.
"""

import base64
import re
from collections.abc import Sequence
from typing import Literal

from aiosmtplib import (
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPResponse,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

#: The longest detail that is kept.
MAX_DETAIL = 200
_PERMANENT = 500
#: RFC 1870 §6.1: the mail is larger than the server takes.
_TOO_LARGE = 552
#: RFC 4954 §6: authentication is required, too weak, or must be encrypted.
_LOGIN_CODES = frozenset({530, 534, 535, 538})
_ABOUT_US = re.compile(r"\brelay|authenticat|\blog ?in\b", re.IGNORECASE)
_ABOUT_THE_MAIL = (SMTPRecipientRefused, SMTPDataError, SMTPNotSupported)
_KEY = re.compile(r"[a-z2-7]{43}", re.ASCII | re.IGNORECASE)

type Verdict = Literal["deferred", "refused"]


def judge_error(error: Exception) -> Verdict:
    """Say what an error means for the mail that was being sent."""
    match error:
        case SMTPNotSupported():
            return "refused"
        case SMTPSenderRefused():
            return "refused" if error.code == _TOO_LARGE else "deferred"
        case SMTPRecipientRefused() | SMTPDataError():
            return "refused" if _is_final(error) else "deferred"
        case _:
            return "deferred"


def is_outage(error: Exception) -> bool:
    """Say whether the server could not be used at all, whatever the mail."""
    return not isinstance(error, (*_ABOUT_THE_MAIL, SMTPSenderRefused))


def is_foreseen(error: Exception) -> bool:
    """Say whether it is an error that mail servers and networks make."""
    return isinstance(error, (SMTPException, OSError))


def describe_error(error: Exception, secrets: Sequence[str] = ()) -> str:
    """Return what an error says, fit to be kept and shown.

    Args:
        error: It, often with the words of a foreign server.
        secrets: What may not be repeated, in plain or in base64. Keys of ours
            may not either.
    """
    if isinstance(error, SMTPResponseException):
        text = f"{error.code} {error.message}"
    elif isinstance(error, TimeoutError):
        text = "the mail server did not answer in time"
    elif isinstance(error, SMTPServerDisconnected):
        text = "the mail server hung up"
    else:
        text = str(error) or type(error).__name__
    return _shorten(_blank(text, secrets))


def describe_answer(answer: SMTPResponse, secrets: Sequence[str] = ()) -> str:
    """Return the words with which a server took a mail, as `describe_error`."""
    return _shorten(_blank(f"{answer.code} {answer.message}", secrets))


def _is_final(error: SMTPResponseException) -> bool:
    """Say whether the server will never take this mail for this recipient."""
    about_us = error.code in _LOGIN_CODES or _ABOUT_US.search(error.message)
    return error.code >= _PERMANENT and not about_us


def _blank(text: str, secrets: Sequence[str]) -> str:
    encoded = [base64.b64encode(each.encode()).decode() for each in secrets]
    # The longest first: the encoding of one can be the end of another's.
    for secret in sorted(filter(None, [*secrets, *encoded]), key=len, reverse=True):
        text = text.replace(secret, "…")
    return _KEY.sub("…", text)


def _shorten(text: str) -> str:
    printable = "".join(each if each.isprintable() else " " for each in text)
    line = " ".join(printable.split())
    return line if len(line) <= MAX_DETAIL else f"{line[: MAX_DETAIL - 1]}…"
