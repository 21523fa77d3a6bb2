"""One approval of its own, with the people who have to do with it."""

import itertools
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from typing import Any

from signoff.domain.keys import Purpose
from tests.end_to_end.http_calls import Answer, Form, call, post_form
from tests.end_to_end.installation import Installation
from tests.end_to_end.mails import Mail
from tests.end_to_end.waiting import eventually

_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Case:
    """An approval that no other test knows of."""

    installation: Installation
    number: int = field(default_factory=lambda: next(_NUMBERS))

    @property
    def id(self) -> str:
        """The workflow's id."""
        return f"case-{self.number}"

    @property
    def approver(self) -> str:
        """Who is asked."""
        return f"ada.{self.number}@example.com"

    @property
    def colleague(self) -> str:
        """Who is asked too, where two are."""
        return f"bob.{self.number}@example.com"

    def start(self, **request: Any) -> Answer:
        """Start the approval, or find it again."""
        asks = {"approvers": [self.approver], **request}
        return self.installation.post({"workflow_id": self.id, "request": asks})

    def ask(self, **request: Any) -> Mail:
        """Start the approval and return the message that the approver gets."""
        answer = self.start(**request)
        assert answer.status == 202, answer.text
        return self.invitation()

    def document(self, wait: float = 0) -> Any:
        """Return how it stands."""
        return self.installation.document(self.id, wait).json()

    def ended(self) -> Any:
        """Return the document once it is no longer pending."""

        def ask() -> Any:
            document = self.document(wait=20)
            return document if document["state"] != "pending" else None

        return eventually(ask, why=f"an end of {self.id}")

    def decision(self) -> Any:
        """Return the decision once it is there."""
        return self.ended()["decision"]

    def waiting_for(self) -> Any:
        """Return whom it waits for, once the one message was tried."""

        def tried() -> Any:
            waits = self.document()["waiting_for"]
            return waits[0] if waits and waits[0]["delivery"] != "unsent" else None

        return eventually(tried, why=f"a delivery of {self.id}")

    def results(self, mail: Mail, count: int) -> list[str]:
        """Return what the mail gateway made of replies, once there are so many."""
        key = mail.link.rpartition("/")[2]
        id_ = self.installation.keyring.open(Purpose.LINK, key)

        def told() -> list[str]:
            log = self.installation.log("mail taken", invitation=id_)
            return [each["result"] for each in log]

        eventually(lambda: len(told()) >= count, why=f"replies in the log of {id_}")
        return told()

    def mails(self, count: int, address: str | None = None) -> list[Mail]:
        """Return the mails to an address once there are so many.

        There must not be more of them by then.
        """
        recipient = address or self.approver
        mailbox = self.installation.mailbox
        eventually(
            lambda: len(mailbox.to(recipient)) >= count,
            why=f"{count} mails to {recipient}",
        )
        arrived = mailbox.to(recipient)
        assert len(arrived) == count, [mail.kind for mail in arrived]
        return arrived

    def invitation(self, address: str | None = None) -> Mail:
        """Return the message that asks."""
        return self.mails(1, address)[0]

    def notice(self) -> Mail:
        """Return the one mail that came after the invitation."""
        return self.mails(2)[1]

    def open(self, mail: Mail) -> Answer:
        """Click the link."""
        return call("GET", mail.link)

    def click(self, mail: Mail, choice: str, comment: str = "") -> Answer:
        """Click the link, choose, comment, and send the form."""
        page = self.open(mail)
        assert choice in Form(page.text).choices, page.text
        return post_form(page, mail.link, choice=choice, comment=comment)

    def write(
        self, mail: Mail, text: str, *, sender: str | None = None, **fields: str
    ) -> EmailMessage:
        """Write a reply, and send it nowhere.

        Args:
            mail: What is answered.
            text: The whole text, with what it quotes.
            sender: Who writes; the approver where not given.
            fields: Further header fields, with underscores for hyphens.
        """
        reply = EmailMessage()
        reply["From"] = sender or mail.recipient
        reply["To"] = mail.reply_to
        reply["Subject"] = f"Re: {mail.message['Subject']}"
        reply["Date"] = localtime()
        reply["Message-ID"] = make_msgid(domain="example.com")
        reply["In-Reply-To"] = reply["References"] = mail.message["Message-ID"]
        for name, value in fields.items():
            reply[name.replace("_", "-")] = value
        reply.set_content(text)
        return reply

    def reply(
        self, mail: Mail, text: str, *, sender: str | None = None, **fields: str
    ) -> None:
        """Reply by mail; when it returns, the reply was taken with a 250."""
        self.send(self.write(mail, text, sender=sender, **fields))

    def send(self, reply: EmailMessage) -> None:
        """Send a reply that was written."""
        with self.installation.smtp() as client:
            client.send_message(reply)
