"""Finding users' workflows in their modules."""

import pytest

from signoff.workflows import WorkflowModuleError, load_workflows

PACKAGE = "tests.workflow_modules"


def test_finds_the_marked_functions_by_name() -> None:
    """A function's own name or the one it was given names its workflow."""
    found = load_workflows([f"{PACKAGE}.deploying"])
    assert set(found) == {"deploy", "deploy-both"}


def test_no_modules_have_no_workflows() -> None:
    """Nothing named is nothing found."""
    assert load_workflows([]) == {}


@pytest.mark.parametrize(
    ("modules", "says"),
    [
        (["empty"], "has no workflow; mark one"),
        (["broken"], "cannot be imported: broken on purpose"),
        (["nowhere"], "cannot be imported"),
        (["deploying", "taken"], "'deploy', a name that is taken"),
    ],
)
def test_says_what_is_wrong_with_a_module(modules: list[str], says: str) -> None:
    """A module that cannot give its workflows is one clear error."""
    with pytest.raises(WorkflowModuleError, match=says):
        load_workflows([f"{PACKAGE}.{module}" for module in modules])
