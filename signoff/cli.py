# ruff: noqa: PLC0415 (each command imports what it needs when it runs: --help is quick)
"""The command ``signoff``.

Exit codes: 0 all went well, 1 it failed while running (one line says why), 2 the
command line or the settings cannot work.
"""

import json
import os
import sys
from collections.abc import Mapping
from typing import IO, Any, Literal, cast

import click

from signoff.errors import SignoffError
from signoff.escaping import escape_text


class _Commands(click.Group):
    """Commands whose errors become one clear line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            code = _exit_code(error)
            if not code:
                raise
            for line in (str(error) or type(error).__name__).splitlines():
                click.echo(f"signoff: {escape_text(line)}", err=True)
            ctx.exit(code)


def _exit_code(error: Exception) -> int:
    """Return the exit code of an error that is no defect of ours, else 0."""
    from signoff.settings import SettingsError

    if isinstance(error, SettingsError):
        return 2
    return 1 if isinstance(error, SignoffError | OSError) else 0


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="signoff", prog_name="signoff")
def main() -> None:
    """Human approvals by email for Python workflows."""


@main.command()
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many workers run workflows.",
)
@click.option(
    "--mail",
    type=click.Choice(["inbox", "mailpit"]),
    help="Where mail goes in place of SIGNOFF_SMTP_URL.",
)
@click.option(
    "--workflows",
    multiple=True,
    metavar="MODULE",
    help="A module with your workflows (may be repeated).",
)
def up(
    workers: int, mail: Literal["inbox", "mailpit"] | None, workflows: tuple[str, ...]
) -> None:
    """Run everything here: engine, worker, both gateways."""
    from signoff.up import run_up
    from signoff.up_plan import UpOptions

    sys.exit(run_up(UpOptions(workers, mail, workflows), os.environ))


@main.command()
def engine() -> None:
    """Run the embedded engine by itself."""
    from signoff.process_commands import run_engine

    sys.exit(run_engine(os.environ))


@main.command()
def worker() -> None:
    """Run a worker by itself."""
    _run_service("worker")


@main.command("mail-gateway")
def mail_gateway() -> None:
    """Run the mail gateway by itself."""
    _run_service("mail-gateway")


@main.command("http-gateway")
def http_gateway() -> None:
    """Run the HTTP gateway by itself."""
    _run_service("http-gateway")


@main.command()
@click.argument("workflow_id")
@click.option("--workflow", metavar="NAME", help="A registered workflow of yours.")
@click.option(
    "--request",
    type=click.File("rb"),
    metavar="FILE",
    help="The request as a JSON object; - reads standard input.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole document.")
def start(
    workflow_id: str, workflow: str | None, request: IO[bytes] | None, *, as_json: bool
) -> None:
    """Start WORKFLOW_ID, or find it again, through the HTTP gateway."""
    from signoff.gateway_client import GatewayClient

    body: dict[str, Any] = {"workflow_id": workflow_id}
    body |= {"workflow": workflow} if workflow else {}
    body |= {"request": _read_object(request)} if request else {}
    _print_document(GatewayClient(_settings()).start(body), as_json=as_json)


@main.command()
@click.argument("workflow_id")
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="SECONDS",
    help="Wait so long for the decision.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole document.")
def status(workflow_id: str, wait: float, *, as_json: bool) -> None:
    """Show how WORKFLOW_ID stands."""
    from signoff.gateway_client import GatewayClient, await_end

    client = GatewayClient(_settings())
    _print_document(await_end(client, workflow_id, wait=wait), as_json=as_json)


def _run_service(process: str) -> None:
    from signoff.process_commands import run_service

    sys.exit(run_service(process, os.environ))


def _settings() -> Any:
    from signoff.settings import Settings

    return Settings.from_environment(os.environ)


def _read_object(file: IO[bytes]) -> dict[str, Any]:
    try:
        found: Any = json.load(file)
    except ValueError as error:
        raise click.BadParameter(f"no JSON: {error}", param_hint="--request") from error
    if not isinstance(found, dict):
        raise click.BadParameter("no JSON object", param_hint="--request")
    return cast("dict[str, Any]", found)


def _print_document(document: Mapping[str, Any], *, as_json: bool) -> None:
    from signoff.documents import describe_document

    if as_json:
        click.echo(json.dumps(document, indent=2))
        return
    for line in describe_document(document):
        click.echo(line)
