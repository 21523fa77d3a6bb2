"""What one `signoff up` runs: worked out first, so that it can be looked at."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from signoff import internal_names, mailpit
from signoff.child import ChildSpec
from signoff.setting_values import connect_host, is_loopback
from signoff.settings import Settings


@dataclass(frozen=True)
class UpOptions:
    """What the command line of `signoff up` says."""

    #: How many workers.
    workers: int = 1
    #: Where mail goes in place of ``SIGNOFF_SMTP_URL``.
    mail: Literal["inbox", "mailpit"] | None = None
    #: Modules with users' workflows, beside those of the environment.
    workflows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What one `signoff up` runs."""

    #: From the command line.
    options: UpOptions
    #: From the environment, as the options changed it.
    settings: Settings
    #: The environment that children get.
    environ: Mapping[str, str]


def make_plan(options: UpOptions, environ: Mapping[str, str]) -> Plan:
    """Work out what to run, and that it can.

    Raises:
        SettingsError: The settings cannot work.
        MailpitMissingError: Mailpit is wanted and not installed.
    """
    wanted = dict(environ)
    if options.mail:
        wanted.pop("SIGNOFF_SMTP_URL", None)
    if options.mail == "mailpit":
        wanted["SIGNOFF_SMTP_URL"] = mailpit.smtp_url(environ)
    if options.workflows:
        named = (environ.get("SIGNOFF_WORKFLOWS", ""), *options.workflows)
        wanted["SIGNOFF_WORKFLOWS"] = ",".join(named)
    settings = Settings.from_environment(wanted)
    settings.require("up")
    settings = replace(settings, data_dir=settings.data_dir.resolve())
    if options.mail == "mailpit":
        mailpit.find_mailpit(environ)
    return Plan(options, settings, wanted | _for_children(settings))


def child_specs(plan: Plan) -> list[ChildSpec]:
    """Describe every process of a plan: what others need comes first."""
    settings, count = plan.settings, plan.options.workers
    specs: list[ChildSpec] = []
    if not settings.resonate_url:
        ready = f"{settings.engine_url}/readyz"
        specs.append(replace(_our_process(plan, "engine"), ready_url=ready))
    if plan.options.mail == "mailpit":
        specs.append(mailpit.mailpit_child(settings, plan.environ))
    gateway = replace(
        _our_process(plan, "http-gateway", stage=1),
        ready_url=f"{settings.http_url}/readyz",
        ready_token=next(iter(settings.api_keys), None),
    )
    names = ["worker"] if count == 1 else [f"worker-{n + 1}" for n in range(count)]
    workers = [_our_process(plan, "worker", name=name, stage=1) for name in names]
    return [*specs, *workers, _our_process(plan, "mail-gateway", stage=1), gateway]


def listeners(plan: Plan) -> Iterator[tuple[str, str, int]]:
    """Yield setting, host and port of everything that will listen."""
    settings = plan.settings
    if not settings.resonate_url:
        yield "SIGNOFF_ENGINE_PORT", settings.engine_host, settings.engine_port
    yield "SIGNOFF_MAIL_PORT", settings.mail_host, settings.mail_port
    yield "SIGNOFF_HTTP_PORT", settings.http_host, settings.http_port
    if plan.options.mail == "mailpit":
        yield from mailpit.listening_places(plan.environ)


def describe(plan: Plan, seconds: float) -> Iterator[str]:
    """Yield the lines that say where everything is."""
    settings = plan.settings
    yield f"Signoff is ready ({seconds:.1f} s)."
    yield f"  Approval pages  {settings.public_url}/respond/…"
    yield from _describe_mail(plan)
    yield (
        f"  Mail gateway    {connect_host(settings.mail_host)}:{settings.mail_port}"
        f" (replies to {settings.reply_prefix}…@{settings.reply_domain})"
    )
    yield f"  Engine          {settings.engine_url}"
    yield f"  Data            {settings.data_dir}"
    yield "Try it:"
    yield f"  {_curl_line(settings)}"
    yield "Ctrl-C stops everything."


def _describe_mail(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    if plan.options.mail == "mailpit":
        yield f"  Mailpit         {mailpit.ui_url(plan.environ)}"
    elif settings.smtp_url:
        yield f"  Mail goes to    {settings.smtp_url.host}:{settings.smtp_url.port}"
    elif is_loopback(settings.http_host):
        yield f"  Inbox           {_local_url(settings)}/inbox"
    else:
        yield f"  Inbox           {settings.inbox_dir} (files; no page beyond loopback)"


def _curl_line(settings: Settings) -> str:
    key = '-H "Authorization: Bearer $KEY" ' if settings.api_keys else ""
    url = f"{_local_url(settings)}/start-workflow"
    return f"""curl -X POST {key}{url} -d '{{"workflow_id": "hitl-001"}}'"""


def _local_url(settings: Settings) -> str:
    if settings.http_host in {"127.0.0.1", "localhost"}:
        return f"http://localhost:{settings.http_port}"
    return settings.http_url


def _our_process(
    plan: Plan, command: str, *, name: str | None = None, stage: int = 0
) -> ChildSpec:
    called = name or command
    return ChildSpec(
        name=called,
        # -P: what lies in the current folder hides no module of ours.
        argv=(sys.executable, "-P", "-m", "signoff", command),
        env={**plan.environ, internal_names.NAME: called},
        stage=stage,
    )


def _for_children(settings: Settings) -> dict[str, str]:
    return {
        "SIGNOFF_DATA_DIR": str(settings.data_dir),
        "PYTHONUNBUFFERED": "1",
        internal_names.PARENT: str(children_lock(settings)),
        internal_names.LOG_FORMAT: "console" if sys.stderr.isatty() else "json",
    }


def children_lock(settings: Settings) -> Path:
    """Return the lock that children share while they live."""
    return settings.data_dir / "children.lock"
