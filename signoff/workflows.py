"""Users' workflows: marked in their modules, found by worker and HTTP gateway."""

import importlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Concatenate, overload

from signoff.settings import SettingsError

_MARK = "__signoff_workflow__"

type WorkflowFunction = Callable[..., Awaitable[Any]]


class WorkflowModuleError(SettingsError):
    """A module that ``SIGNOFF_WORKFLOWS`` names cannot give its workflows."""


@overload
def workflow[**P, T](
    function: Callable[Concatenate[Any, P], Awaitable[T]], /
) -> Callable[Concatenate[Any, P], Awaitable[T]]: ...
@overload
def workflow[**P, T](
    *, name: str
) -> Callable[
    [Callable[Concatenate[Any, P], Awaitable[T]]],
    Callable[Concatenate[Any, P], Awaitable[T]],
]: ...
def workflow(function: Any = None, /, *, name: str | None = None) -> Any:
    """Mark a durable function as a workflow that can be started by its name.

    It is called as ``function(ctx, request)``, where the request is the JSON
    object that ``POST /start-workflow`` was given. The module is named in
    ``SIGNOFF_WORKFLOWS`` or by ``signoff up --workflows``.

    Args:
        function: An async function; its own name is the workflow's.
        name: Another name.
    """

    def mark(marked: Any) -> Any:
        setattr(marked, _MARK, name or marked.__name__)
        return marked

    return mark if function is None else mark(function)


def load_workflows(modules: Iterable[str]) -> Mapping[str, WorkflowFunction]:
    """Import modules and return their workflows by name.

    Raises:
        WorkflowModuleError: A module cannot be imported or has no workflow, or
            a name is there twice or is one of ours.
    """
    found: dict[str, WorkflowFunction] = {}
    for module in modules:
        marked = _workflows_of(module)
        if not marked:
            raise _error(module, "has no workflow; mark one with @signoff.workflow")
        for name, function in marked.items():
            if name.startswith("signoff.") or found.get(name, function) != function:
                raise _error(module, f"has a workflow {name!r}, a name that is taken")
            found[name] = function
    return found


def _workflows_of(module: str) -> dict[str, WorkflowFunction]:
    try:
        loaded = importlib.import_module(module)
    except Exception as error:
        raise _error(module, f"cannot be imported: {error}") from error
    values = vars(loaded).values()
    return {getattr(each, _MARK): each for each in values if hasattr(each, _MARK)}


def _error(module: str, what: str) -> WorkflowModuleError:
    return WorkflowModuleError([f"SIGNOFF_WORKFLOWS: {module} {what}"])
