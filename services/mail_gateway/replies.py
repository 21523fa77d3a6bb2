"""Every SMTP reply of ours: a code (RFC 5321 §4.2), a status (RFC 3463), a reason.

A 5yz reply makes the sender's mail system return the mail; a 4yz reply makes it
keep the mail and try again.
"""

from .routing import Refused

#: The message is kept, or there was nothing in it to keep.
ACCEPTED = "250 2.0.0 Accepted"
RECIPIENT_ACCEPTED = "250 2.1.5 Recipient accepted"
GO_ON = "354 End data with <CR><LF>.<CR><LF>"
#: To VRFY: nothing is told about who exists (RFC 5321 §7.3).
CANNOT_VERIFY = "252 2.5.0 Cannot verify; send the message and see"

BAD_DATA = "501 5.5.4 DATA takes no argument"
NO_RECIPIENT = "503 5.5.1 Send RCPT first"

TOO_BIG = "552 5.3.4 The message is over the limit of 10 MiB"
#: RFC 5321 §4.5.3.1.10: the sender goes on with the recipients it has.
ONE_AT_A_TIME = "452 4.5.3 One approval at a time; send this copy by itself"
POSTBOX_FULL = "452 4.2.2 The mailbox is full; try again later"
NO_ROOM = "452 4.3.1 Too much mail at once; try again later"
NOT_KEPT = "451 4.3.0 Could not be kept now; try again later"
TOO_MANY = "421 4.3.2 Too many connections; try again later"
GOING_DOWN = "421 4.3.2 Going down; try again later"

#: What a recipient that is not ours is told.
REFUSALS = {
    Refused.FOREIGN: "550 5.7.1 Relaying denied",
    Refused.UNKNOWN: "550 5.1.1 No such address here",
    Refused.UNDECIDED: "451 4.3.5 This address cannot be checked now; try again later",
}


def unforeseen(reference: str) -> str:
    """Return the reply to what nobody thought of; the log has the reference."""
    return (
        f"451 4.3.0 Something went wrong here; try again later (reference {reference})"
    )
