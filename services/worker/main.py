"""The worker's process: its parts, put together."""

import asyncio
import secrets

import structlog
from resonate.resonate import Resonate

from signoff.approvals import APPROVAL, APPROVAL_VERSION
from signoff.clock import utc_now
from signoff.domain.keys import Keyring
from signoff.domain.request import Approver
from signoff.durable import DurableEngine, open_worker
from signoff.health import OK, health_server
from signoff.ports import Promises
from signoff.secret_files import engine_token, secret_keys
from signoff.settings import Settings
from signoff.workflows import load_workflows

from .compose import SenderIdentity
from .delivery import InboxMailer, Mailer, SmtpMailer
from .notices import notice
from .sending import mail
from .tools import Tools
from .workflow import approval, flow

log = structlog.stdlib.get_logger(__name__)

#: The version of the flow that new approvals run.
FLOW_VERSION = 1


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Run workflows until `stop` is set; then finish what runs.

    Raises:
        WorkflowModuleError: A module of users' workflows cannot be used.
    """
    token = engine_token(settings)
    async with open_worker(
        settings.engine_url, token, group=settings.group, lease=settings.lease
    ) as (resonate, engine):
        register(resonate, settings.workflows)
        resonate.with_dependency(make_tools(settings, engine))
        resonate.start()
        async with health_server(
            settings.health_host, settings.health_port, lambda: _ready(engine)
        ):
            log.info("worker started", group=settings.group)
            await stop.wait()
    log.info("worker stopped")


def register(resonate: Resonate, modules: tuple[str, ...] = ()) -> None:
    """Register our workflows, and those of the users' modules."""
    resonate.register(approval, name=APPROVAL, version=APPROVAL_VERSION)
    resonate.register(flow, name="signoff.flow", version=FLOW_VERSION)
    resonate.register(mail, name="signoff.mail", version=1)
    resonate.register(notice, name="signoff.notice", version=1)
    for name, function in load_workflows(modules).items():
        resonate.register(function, name=name)


def make_tools(settings: Settings, promises: Promises) -> Tools:
    """Make what the steps work with."""
    default = settings.default_approver
    return Tools(
        promises=promises,
        mailer=_make_mailer(settings),
        identity=_make_identity(settings),
        clock=utc_now,
        draw=secrets.token_bytes,
        default_approver=Approver(default.address, default.name),
        default_deadline=settings.default_deadline,
        flow_version=FLOW_VERSION,
    )


def _make_mailer(settings: Settings) -> Mailer:
    if settings.smtp_url is None:
        return InboxMailer(settings.inbox_dir, utc_now)
    return SmtpMailer(settings.smtp_url, utc_now)


def _make_identity(settings: Settings) -> SenderIdentity:
    keys, signing = secret_keys(settings)
    return SenderIdentity(
        keyring=Keyring(keys, signing, settings.reply_domain),
        mail_from=(settings.mail_from.name, settings.mail_from.address),
        reply_domain=settings.reply_domain,
        reply_prefix=settings.reply_prefix,
        bounce_prefix=settings.bounce_prefix,
        public_url=settings.public_url,
    )


async def _ready(engine: DurableEngine) -> dict[str, str]:
    await engine.get("signoff-ready")
    return {"engine": OK if engine.listening else "not connected to the stream"}
