"""The documents say what is so: their tables and commands are tried."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from services.mail_gateway.decision_words import WORDS
from services.mail_gateway.verdict import read_verdict
from signoff.cli import main
from signoff.domain.choices import REJECT, Choice
from signoff.settings import VARIABLES

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
#: Names that are read, and no settings.
OTHER_NAMES = {"SIGNOFF_TEST_FULL"}


def text_of(name: str) -> str:
    """Return a document."""
    return (ROOT / name).read_text(encoding="utf-8")


def rows(name: str, heading: str) -> list[list[str]]:
    """Return the cells of a table's rows, by what its first cell is headed."""
    _, _, rest = text_of(name).partition(f"\n| {heading} |")
    lines = rest.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def codes(cell: str) -> list[str]:
    """Return what stands as code in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def test_the_table_of_settings_is_whole_and_right() -> None:
    """Every setting with its default, in the order of the code, and no other."""
    table = rows("docs/configuration.md", "name")
    told = [(codes(name)[0], "".join(codes(default))) for name, default, _ in table]
    assert told == [(each.name, each.default or "") for each in VARIABLES]


def test_the_secret_settings_are_told() -> None:
    """Those whose values no message shows."""
    (listed,) = re.findall(
        r"Secret values \(([^)]+)\)", text_of("docs/configuration.md")
    )
    assert set(codes(listed)) == {each.name for each in VARIABLES if each.secret}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_only_settings_that_exist(path: Path) -> None:
    """A name that is mistyped would be refused."""
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:SIGNOFF|RESONATE)_[A-Z_]*[A-Z]", text))
    assert named <= {each.name for each in VARIABLES} | OTHER_NAMES


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    """A link within the repository names a file that is there."""
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    near = [target for target in targets if "://" not in target]
    assert [target for target in near if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_paths_of_the_code_are_there(path: Path) -> None:
    """A path that stands as code exists."""
    places = r"(?:signoff|services|tests|scripts|docs|examples|templates)"
    named = re.findall(rf"`({places}/[\w./-]*)`", path.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def commands() -> Iterator[list[str]]:
    """Yield every call of `signoff` in a block of shell code."""
    for path in DOCUMENTS:
        blocks = re.findall(
            r"```sh\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL
        )
        for line in "\n".join(blocks).replace("\\\n", " ").splitlines():
            _, found, rest = line.partition("signoff ")
            if found and re.search(r"(?:^|uv run |&& )signoff ", line):
                yield shlex.split(rest, comments=True)


@pytest.mark.parametrize("arguments", [*commands()], ids=" ".join)
def test_commands_of_documents_exist(arguments: list[str]) -> None:
    """Each names a command, with options that it has."""
    command = main.commands[arguments[0]]
    known = {option for each in command.params for option in each.opts}
    used = {each for each in arguments[1:] if each.startswith("-")}
    assert isinstance(command, click.Command)
    assert used <= known


def test_every_process_has_its_command_in_a_document() -> None:
    """Whoever runs them one by one finds how."""
    told = {arguments[0] for arguments in commands()}
    assert {"up", "engine", "worker", "mail-gateway", "http-gateway"} <= told


@pytest.mark.parametrize(
    ("reply", "read_as"),
    [
        pytest.param(*row, id=row[0])
        for row in rows("docs/replies.md", "new text of the reply")
    ],
)
def test_replies_are_read_as_told(reply: str, read_as: str) -> None:
    """A row of the table is read as it says."""
    verdict = read_verdict(codes(reply)[0])
    assert (verdict.choice or f"unclear: {verdict.reason}") == read_as


WORD_ROWS = rows("docs/replies.md", "language")


def test_the_words_of_every_language_are_told() -> None:
    """A language that is understood has its row."""
    assert [language for language, _, _ in WORD_ROWS] == list(WORDS)


@pytest.mark.parametrize(
    ("language", "approve", "reject"),
    [pytest.param(*row, id=row[0]) for row in WORD_ROWS],
)
def test_words_of_a_language_decide(language: str, approve: str, reject: str) -> None:
    """Each word of the row, by itself, from an approver of that language."""
    for choice, cell in (("approve", approve), ("reject", reject)):
        assert codes(cell)
        for word in codes(cell):
            assert read_verdict(word, language=language).choice == choice


@pytest.mark.parametrize(
    ("word", "choice"),
    [
        ("ship", "ship"),
        ("Ship it", "ship"),
        ("go", "ship"),
        ("1", "ship"),
        ("yes", None),
    ],
)
def test_choices_of_ones_own_have_the_words_that_are_told(
    word: str, choice: str | None
) -> None:
    """The example of the document is read as it says."""
    ship = Choice("ship", "Ship it", positive=True, words=("go",))
    hold = Choice("hold", "Hold", positive=False)
    assert read_verdict(word, (ship, hold, REJECT)).choice == choice


def test_the_changelog_keeps_its_form() -> None:
    """Versions, newest first, each with headings that readers know."""
    headings = re.findall(r"^##+ (.+)$", text_of("CHANGELOG.md"), re.MULTILINE)
    known = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    versions = [heading for heading in headings if heading not in known]
    assert versions[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[[\d.]+\] - \d{4}-\d\d-\d\d", v) for v in versions[1:])
