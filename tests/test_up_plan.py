"""What `signoff up` will run follows from its options and the environment."""

from pathlib import Path

import pytest

from signoff.settings import SettingsError
from signoff.up_plan import (
    Plan,
    UpOptions,
    child_specs,
    describe,
    listeners,
    make_plan,
)

SERVER = {
    "RESONATE_URL": "http://resonate:8001",
    "SIGNOFF_SECRET_KEYS": "a:0123456789abcdef",
    "SIGNOFF_SMTP_URL": "smtp://localhost:1025",
}
KEYS = {"SIGNOFF_API_KEYS": "fedcba9876543210"}


@pytest.fixture
def mailpit_path(tmp_path: Path) -> dict[str, str]:
    """An environment in which there is a mailpit."""
    (tmp_path / "mailpit").touch(mode=0o755)
    return {"PATH": str(tmp_path)}


def names(plan: Plan) -> list[str]:
    """Return what the children of a plan are called, in stages."""
    return [f"{spec.stage} {spec.name}" for spec in child_specs(plan)]


def test_one_of_each_is_what_runs() -> None:
    """The engine first, then all that need it."""
    assert names(make_plan(UpOptions(), {})) == [
        "0 engine",
        "1 worker",
        "1 mail-gateway",
        "1 http-gateway",
    ]


def test_with_a_server_there_is_no_engine() -> None:
    """`RESONATE_URL` takes its place, and its port stays free."""
    plan = make_plan(UpOptions(workers=2), SERVER)
    assert "0 engine" not in names(plan)
    assert names(plan)[:2] == ["1 worker-1", "1 worker-2"]
    assert "SIGNOFF_ENGINE_PORT" not in {name for name, _, _ in listeners(plan)}


def test_mailpit_is_started_before_the_rest(mailpit_path: dict[str, str]) -> None:
    """Whoever sends finds it there."""
    plan = make_plan(UpOptions(mail="mailpit"), mailpit_path)
    assert names(plan)[1] == "0 mailpit"
    assert plan.environ["SIGNOFF_SMTP_URL"] == "smtp://127.0.0.1:1025"
    assert any("http://127.0.0.1:8025" in line for line in describe(plan, 1.0))


def test_the_inbox_can_be_chosen() -> None:
    """`--mail inbox` keeps mail here for once."""
    environ = {"SIGNOFF_SMTP_URL": "smtp://localhost"}
    plan = make_plan(UpOptions(mail="inbox"), environ)
    assert plan.settings.smtp_url is None
    assert "SIGNOFF_SMTP_URL" not in plan.environ


def test_workflows_are_added_to_those_of_the_environment() -> None:
    """Both sources count, in every child."""
    environ = {"SIGNOFF_WORKFLOWS": "one"}
    plan = make_plan(UpOptions(workflows=("two", "three")), environ)
    assert plan.settings.workflows == ("one", "two", "three")
    assert plan.environ["SIGNOFF_WORKFLOWS"] == "one,two,three"


def test_children_get_an_absolute_data_directory() -> None:
    """They mean the same folder wherever they run."""
    plan = make_plan(UpOptions(), {"SIGNOFF_DATA_DIR": "here"})
    assert plan.environ["SIGNOFF_DATA_DIR"] == str(Path.cwd() / "here")


def test_the_gateway_is_asked_with_a_key() -> None:
    """Its readiness belongs to the operator's face."""
    spec = child_specs(make_plan(UpOptions(), KEYS))[-1]
    assert spec.ready_token == KEYS["SIGNOFF_API_KEYS"]
    assert KEYS["SIGNOFF_API_KEYS"] not in repr(spec)


def test_no_key_is_printed() -> None:
    """The curl line names a variable in its place."""
    said = "\n".join(describe(make_plan(UpOptions(), KEYS), 1.0))
    assert 'Bearer $KEY"' in said
    assert KEYS["SIGNOFF_API_KEYS"] not in said


def test_what_cannot_run_is_said() -> None:
    """All that any of the processes lacks."""
    with pytest.raises(SettingsError, match="SIGNOFF_SMTP_URL: must be set"):
        make_plan(UpOptions(), SERVER | {"SIGNOFF_SMTP_URL": ""})


def test_beyond_loopback_the_inbox_has_no_page() -> None:
    """It is told where the files are."""
    plan = make_plan(UpOptions(), KEYS | {"SIGNOFF_HTTP_HOST": "10.0.0.1"})
    assert any("no page beyond loopback" in line for line in describe(plan, 1.0))
