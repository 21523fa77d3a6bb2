"""Notices: sent once, threaded, and few."""

import asyncio
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from signoff.approvals import start_notice
from signoff.domain.invitation import Invitation
from signoff.domain.keys import Purpose
from tests.worlds import KEYRING, World, eventually

ADA = "ada@example.com"


async def tell(world: World, invitation: Invitation, number: int, why: str) -> str:
    """Start a notice and return what became of it."""
    notice = {"invitation": invitation.id, "why": why, "reason": "no_match"}
    notice["at"] = world.clock().isoformat()
    id_ = f"{number:032x}"
    await start_notice(world.engine, id_, notice)
    return (await world.outcome(f"signoff-notice-{id_}")).value


async def notices(world: World) -> list[bytes]:
    """Return the notices that went to Ada."""
    mails = world.mailer.to(ADA)
    return [m.content for m in mails if b"X-Signoff-Message: notice" in m.content]


def plain_text(content: bytes) -> str:
    """Return the text part of a mail."""
    mail = message_from_bytes(content, policy=policy.default)
    part = mail.get_body(("plain",))
    assert part is not None
    return part.get_content()


async def test_a_notice_goes_to_the_approver_in_the_invitations_thread(
    world: World,
) -> None:
    """It answers the invitation's message, so that mail programs show it there."""
    [invitation] = await world.ask("w", approvers=[ADA])
    assert await tell(world, invitation, 1, "unclear") == "sent"
    [content] = await notices(world)
    message_id = KEYRING.mint(Purpose.MESSAGE_ID, invitation.id)
    assert f"In-Reply-To: <{message_id}@".encode() in content


async def test_a_late_notice_says_what_was_decided(world: World) -> None:
    """It tells the outcome, by whom and when."""
    [invitation] = await world.ask("w", approvers=[ADA])
    await world.answer(invitation, "approve")
    await world.decision("w")
    await tell(world, invitation, 1, "late")
    [content] = await notices(world)
    text = " ".join(plain_text(content).split())
    assert "It is already decided: Approve" in text
    assert f"{ADA} (Approve)" in text


def until_next_hour(world: World) -> timedelta:
    """Return the time to the next full hour, where counting begins anew."""
    now = world.clock()
    return timedelta(hours=1) - timedelta(minutes=now.minute, seconds=now.second)


async def test_the_same_notice_goes_out_once(world: World) -> None:
    """A message that comes again is not answered again."""
    [invitation] = await world.ask("w", approvers=[ADA])
    await tell(world, invitation, 1, "unclear")
    await tell(world, invitation, 1, "unclear")
    assert len(await notices(world)) == 1


async def test_an_invitation_has_three_notices(world: World) -> None:
    """A help desk that answers everything is left alone after three."""
    [invitation] = await world.ask("w", approvers=[ADA])
    told = [await tell(world, invitation, n, "unclear") for n in range(5)]
    assert told == ["sent"] * 3 + ["dropped"] * 2


async def test_an_address_has_five_notices_an_hour(world: World) -> None:
    """Over all its invitations an address gets five; the next waits an hour."""
    await world.advance(until_next_hour(world))
    for number in range(5):
        [invitation] = await world.ask(f"w{number}", approvers=[ADA])
        assert await tell(world, invitation, number, "unclear") == "sent"
    [invitation] = await world.ask("w", approvers=[ADA.upper()])
    sixth = asyncio.create_task(tell(world, invitation, 99, "unclear"))
    await eventually(lambda: sleeps(world, "signoff-notice-"))
    assert len(await notices(world)) == 5
    await world.advance(timedelta(hours=1, seconds=1))
    assert await sixth == "sent"


async def sleeps(world: World, prefix: str) -> bool:
    """Say whether a workflow of such an id sleeps."""
    timers = await world.engine.search({"resonate:timer": "true"})
    return any(timer.id.startswith(prefix) and timer.pending for timer in timers)


async def test_strangers_use_up_one_notice_only(world: World) -> None:
    """Whoever else has the address cannot silence the answers to its owner."""
    [invitation] = await world.ask("w", approvers=[ADA])
    strangers = [await tell(world, invitation, n, "not_approver") for n in range(3)]
    own = [await tell(world, invitation, n, "unclear") for n in range(3, 6)]
    assert strangers == ["sent", "dropped", "dropped"]
    assert own == ["sent", "sent", "dropped"]


async def test_a_notice_about_nothing_is_dropped(world: World) -> None:
    """What is no longer kept has nobody to tell."""
    notice = {"invitation": "a" * 26, "why": "late", "reason": "", "at": ""}
    await start_notice(world.engine, "1" * 32, notice)
    outcome = await world.outcome(f"signoff-notice-{'1' * 32}")
    assert outcome.value == "dropped"


@pytest.mark.parametrize("status", ["sent", "refused"])
async def test_a_deferred_notice_is_tried_again(world: World, status: str) -> None:
    """With SMTP down a notice sleeps, and is then the same mail."""
    [invitation] = await world.ask("w", approvers=[ADA])
    world.mailer.verdict = lambda _mail: ("deferred", "451")
    notice: dict[str, Any] = {"invitation": invitation.id, "why": "late"}
    await start_notice(world.engine, "2" * 32, {**notice, "reason": "", "at": ""})
    await eventually(lambda: sleeps(world, "signoff-notice-"))
    world.mailer.verdict = lambda _mail: (status, "")
    await world.advance(timedelta(seconds=6))
    outcome = await world.outcome(f"signoff-notice-{'2' * 32}")
    assert outcome.value == status
    first, again = await notices(world)
    assert first == again
