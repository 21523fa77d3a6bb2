"""What holds for every test: in the full run, none is skipped without leave.

A test that a machine cannot run (no browser, no Mailpit) is skipped where a
person works, and must not pass for run in CI.
"""

import os
from collections.abc import Generator, Mapping

import pytest

#: Parts of reasons that hold in the full run too: what no public machine has.
MAY_SKIP = ("measuring corpus", "no resonate server is given")


def is_full_run(environ: Mapping[str, str]) -> bool:
    """Say whether a skipped test counts as a failed one."""
    full, ci = environ.get("SIGNOFF_TEST_FULL", ""), environ.get("CI", "")
    return full not in {"", "0"} or ci.lower() in {"true", "1"}


class MustRun:
    """Fails a session that skipped what it had to run."""

    def __init__(self) -> None:
        #: A line for each test, or file, that was skipped without leave.
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Look at a test."""
        if not hasattr(report, "wasxfail"):
            self._look(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Look at a file."""
        self._look(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn success into failure."""
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(wrapper=True)
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> Generator[None]:
        """Say why, last of all."""
        yield
        for line in self.skipped:
            terminalreporter.write_line(f"MUST RUN, BUT SKIPPED {line}", red=True)

    def _look(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not report.skipped:
            return
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if not any(part in reason.lower() for part in MAY_SKIP):
            self.skipped.append(f"{report.nodeid}: {reason}")


def pytest_configure(config: pytest.Config) -> None:
    """Watch for skipped tests where all must run."""
    if is_full_run(os.environ):
        config.pluginmanager.register(MustRun(), "must-run")
