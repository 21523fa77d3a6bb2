"""The page behind the link: shows on GET, decides on POST, and on nothing else."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.http_gateway.app import create_app
from services.http_gateway.forms import NO_CHOICE, NO_NONCE
from signoff.domain.invitation import invitation_promise
from signoff.domain.keys import Keyring, Purpose
from tests.http_gateway.conftest import DEADLINE, SECRETS, Scene, with_face

NONCE = "n" * 22
CLOSED = {"kind": "closed"}


def post(scene: Scene, /, **fields: str) -> Any:
    """Send the form with a choice made."""
    form = {"choice": "approve", "comment": "Ship it.", "nonce": NONCE, **fields}
    return scene.client.post(scene.path, data=form)


def test_get_shows_what_is_asked(scene: Scene) -> None:
    """Subject, body as HTML, requester, deadline and fingerprint stand there."""
    page = scene.client.get(scene.path)
    assert page.status_code == 200
    for shown in (
        "Deploy 4.2 to production",
        "<strong>the change log</strong>",
        "Ada Lovelace &lt;ada@example.com&gt;",
        "Mon 30 Nov 2026, 09:00:00 UTC",
        "1a2b 3c4d 5e6f",
    ):
        assert shown in page.text


def test_nothing_is_preselected(scene: Scene) -> None:
    """Every choice is there and none is checked."""
    page = scene.client.get(scene.path).text
    assert re.findall(r'name="choice" value="(\w+)"', page) == ["approve", "reject"]
    assert not re.search(r"<input[^>]*\bchecked", page)


def test_each_showing_has_a_nonce_of_its_own(scene: Scene) -> None:
    """Two people with the same page send two different forms."""
    nonces = {
        re.findall(r'name="nonce" value="([\w-]+)"', scene.client.get(scene.path).text)[
            0
        ]
        for _ in range(2)
    }
    assert len(nonces) == 2


def test_pages_have_no_script_and_load_nothing(scene: Scene) -> None:
    """The page is one file that no browser may extend."""
    page = scene.client.get(scene.path)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy
    assert not re.search(r"<script|<link|<img|\bon\w+=|\bsrc=", page.text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Robots-Tag", "noindex, nofollow"),
    ],
)
def test_headers_of_public_pages(scene: Scene, name: str, value: str) -> None:
    """The key leaks neither through a referrer nor through a cache."""
    assert scene.client.get(scene.path).headers[name] == value


def test_a_scanner_settles_nothing(scene: Scene) -> None:
    """HEAD, GET and every link that stands in the page leave the question open."""
    page = scene.client.get(scene.path).text
    links = re.findall(r"(?:href|src|action)=[\"']?([^\"' >]+)", page)
    for target in [scene.path, *links] * 3:
        scene.client.head(target)
        scene.client.get(target)
        scene.client.get(f"{target}?choice=approve&nonce={NONCE}")
    assert scene.answer() is None


def test_post_records_the_answer(scene: Scene) -> None:
    """The promise holds choice, comment, channel and who was asked."""
    page = post(scene)
    held = scene.answer()
    assert (page.status_code, "Recorded: Approve" in page.text) == (200, True)
    assert (held["choice"], held["comment"]) == ("approve", "Ship it.")
    assert (held["channel"], held["approver"]) == ("link", "i@example.com")


def test_the_same_form_twice_is_recorded_again(scene: Scene) -> None:
    """A double click is told the same as the first one, even after the end."""
    post(scene)
    scene.conclude()
    scene.clock.now = DEADLINE + timedelta(hours=1)
    assert "Recorded: Approve" in post(scene).text


def test_another_form_is_told_what_was_answered(scene: Scene) -> None:
    """The first answer stands; the second person learns of it."""
    post(scene)
    page = post(scene, choice="reject", nonce="m" * 22)
    assert page.status_code == 200
    assert "Already answered: Approve" in page.text
    assert scene.answer()["choice"] == "approve"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"choice": ""}, NO_CHOICE),
        ({"choice": "maybe"}, NO_CHOICE),
        ({"nonce": ""}, NO_NONCE),
        ({"nonce": "short"}, NO_NONCE),
    ],
    ids=["no choice", "unknown choice", "no nonce", "bad nonce"],
)
def test_an_incomplete_form_decides_nothing(
    scene: Scene, fields: dict[str, str], message: str
) -> None:
    """The form comes back with a clear word, and the comment is kept."""
    page = post(scene, **fields)
    assert page.status_code == 400
    assert message in page.text
    assert "Ship it.</textarea>" in page.text
    assert scene.answer() is None


@pytest.mark.parametrize("fields", [{}, {"choice": ""}], ids=["form", "incomplete"])
def test_post_on_a_decided_invitation(scene: Scene, fields: dict[str, str]) -> None:
    """Whoever comes late is told what was decided and by whom."""
    scene.run(scene.engine.settle(scene.invitation.response_promise, CLOSED))
    scene.conclude("reject")
    page = post(scene, **fields)
    assert page.status_code == 200
    assert "Already decided: Reject" in page.text
    assert "bob@x.org" in page.text


@pytest.mark.parametrize("after", [0, 1], ids=["at the instant", "after it"])
def test_post_past_the_deadline(scene: Scene, after: int) -> None:
    """The deadline's own instant is too late already."""
    scene.clock.now = DEADLINE + timedelta(seconds=after)
    page = post(scene)
    assert page.status_code == 200
    assert "The deadline has passed" in page.text
    assert scene.answer() is None


def test_the_gateway_refuses_by_its_own_clock(scene: Scene) -> None:
    """A deadline that only this clock has reached holds as well."""
    late = create_app(replace(scene.gateway, clock=lambda: DEADLINE)).test_client()
    form = {"choice": "approve", "nonce": NONCE}
    assert "The deadline has passed" in late.post(scene.path, data=form).text
    assert scene.answer() is None
    assert "Recorded" in post(scene).text


def test_get_after_the_answer_tells_it(scene: Scene) -> None:
    """A second opening of the link says what was answered and when."""
    post(scene)
    page = scene.client.get(scene.path).text
    assert "Already answered: Approve" in page
    assert "Mon 23 Nov 2026, 09:00:00 UTC" in page
    assert "<form" not in page


FORGED = Keyring({"a": b"another secret, as long as ours"}, "a", "localhost")
UNKNOWN = Keyring({"b": SECRETS["a"]}, "b", "localhost")
OURS = Keyring(SECRETS, "a", "localhost")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "key",
    [
        FORGED.mint(Purpose.LINK, "i" * 26),
        UNKNOWN.mint(Purpose.LINK, "i" * 26),
        OURS.mint(Purpose.REPLY, "i" * 26),
        "nonsense",
    ],
    ids=["forged", "unknown secret", "reply key", "nonsense"],
)
def test_keys_that_are_not_ours(scene: Scene, key: str, method: str) -> None:
    """All of them get one and the same page, and decide nothing."""
    page = getattr(scene.client, method)(f"/respond/{key}")
    other = scene.client.get("/respond/" + "x" * 43)
    assert (page.status_code, page.text) == (404, other.text)
    assert scene.answer() is None


def test_a_genuine_key_that_is_no_longer_kept(scene: Scene) -> None:
    """A link that once worked says that it does no more."""
    key = OURS.mint(Purpose.LINK, "z" * 26)
    page = scene.client.get(f"/respond/{key}")
    assert page.status_code == 410
    assert "no longer kept" in page.text


def test_the_case_of_a_key_does_not_matter(scene: Scene) -> None:
    """Mail programs may have changed it."""
    key = scene.path.rpartition("/")[2]
    assert scene.client.get(f"/respond/{key.upper()}").status_code == 200


def test_without_the_engine(scene: Scene) -> None:
    """The page says to come back, and it works again when the engine does."""
    scene.engine.available = False
    page = post(scene)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert page.mimetype == "text/html"
    scene.engine.available = True
    assert "Recorded" in post(scene).text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Origin": "null"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "https://signoff.example.com"}, 200),
    ],
    ids=["foreign", "foreign sandbox", "hidden", "same", "public address"],
)
def test_whose_form_decides(scene: Scene, headers: dict[str, str], status: int) -> None:
    """Only our own page may send the form, whatever a proxy made of Host."""
    client = with_face(scene, public_url="https://signoff.example.com/approvals")
    form = {"choice": "approve", "nonce": NONCE}
    assert client.post(scene.path, data=form, headers=headers).status_code == status
    assert (scene.answer() is not None) == (status == 200)


def test_a_hostile_question_stays_text(scene: Scene) -> None:
    """What others wrote is shown, never run."""
    key = scene.gateway.keyring.mint(Purpose.LINK, scene.invitation.id)
    promise = scene.engine._promises[scene.invitation.request_promise]
    promise.param["request"] = {
        "subject": "<script>alert(1)</script>",
        "body": "<img src=x onerror=alert(1)> [x](javascript:alert(1)) {{ 7*7 }}",
    }
    page = scene.client.get(f"/respond/{key}").text
    assert "<script" not in page
    assert "<img" not in page
    assert "href=" not in page
    assert "{{ 7*7 }}" in page


def test_a_long_comment_is_cut_with_a_mark(scene: Scene) -> None:
    """8 KiB are kept; characters of four octets fit into the form's limit."""
    page = post(scene, comment="🙂" * 8192)
    assert page.status_code == 200
    assert scene.answer()["comment"].endswith(" […]")


def test_a_form_beyond_the_limit(scene: Scene) -> None:
    """What no browser sends from our page is not read."""
    assert post(scene, comment="x" * 200_000).status_code == 413
    assert scene.answer() is None


def test_the_old_callback_needs_a_key(scene: Scene) -> None:
    """A promise id alone opens nothing."""
    page = scene.client.get("/unblock-workflow?promise_id=hitl-001:1")
    assert page.status_code == 403


def test_the_old_callback_leads_to_the_page(scene: Scene) -> None:
    """It decides nothing itself, and works behind any path prefix."""
    key = scene.path.rpartition("/")[2]
    page = scene.client.get(f"/unblock-workflow?promise_id=hitl-001:1&key={key}")
    assert (page.status_code, page.headers["Location"]) == (303, f"respond/{key}")
    assert scene.answer() is None


def test_the_old_callback_leads_nowhere_else(scene: Scene) -> None:
    """No key makes it a redirect to another site."""
    page = scene.client.get("/unblock-workflow?key=//evil.example/%0d%0aX:1")
    assert page.headers["Location"] == "respond/%2F%2Fevil.example%2F%0D%0AX%3A1"


@pytest.mark.parametrize(
    "path", ["/respond/", "/respond/a/b", "/respond"], ids=["none", "more", "bare"]
)
def test_links_that_were_cut(scene: Scene, path: str) -> None:
    """A person gets a page, not a problem document."""
    page = scene.client.get(path)
    assert (page.status_code, page.mimetype) == (404, "text/html")


def test_other_methods_are_refused(scene: Scene) -> None:
    """PUT and DELETE are no way to decide."""
    assert scene.client.put(scene.path).status_code == 405
    assert scene.client.delete(scene.path).headers["Allow"]
    assert scene.answer() is None


def test_what_cannot_be_is_an_error_with_a_reference(
    scene: Scene,
) -> None:
    """A promise that holds another's answer shows nothing of itself."""
    value = {"kind": "response", "invitation": "z" * 26, "response_id": "other"}
    scene.run(scene.engine.settle(scene.invitation.response_promise, value))
    page = scene.client.get(scene.path)
    assert page.status_code == 500
    assert re.search(r"knows it as [0-9a-f]{8}", page.text)


def test_invitation_promises_are_untouched_by_showing(scene: Scene) -> None:
    """A page that was shown leaves the invitation as it was published."""
    scene.client.get(scene.path)
    name = invitation_promise(scene.invitation.id)
    assert scene.run(scene.engine.get(name)).pending
