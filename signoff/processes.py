"""Where the parts that stand beside this package are, as installed and as cloned.

The wheel holds ``services``, ``templates`` and ``mailpit.env`` inside this
package; in a checkout they are its siblings. A user may well have a package
called ``services``: it is never taken for ours, and ours never hides it.
"""

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

_PACKAGE = Path(__file__).resolve().parent


def service_module(name: str) -> ModuleType:
    """Import a module of the services, such as ``worker.main``.

    Raises:
        ModuleNotFoundError: There is no such module.
    """
    return importlib.import_module(f"{_services_package()}.{name}")


def templates_dir() -> Path:
    """Return the folder that holds ``mail/`` and ``web/``."""
    return _beside("templates")


def mailpit_env() -> Path:
    """Return the file of settings that Mailpit is started with."""
    return _beside("mailpit.env")


def _beside(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.exists() else _PACKAGE.parent / name


def _services_package() -> str:
    """Return the name under which our services can be imported.

    In a checkout that is ``services`` where Python finds ours under that name;
    else ours are loaded from their folder under the name they have in a wheel.
    """
    inside, folder = f"{__package__}.services", _beside("services")
    if folder.parent == _PACKAGE or inside in sys.modules:
        return inside
    if _is_folder(find_spec("services"), folder):
        return "services"
    _load_package(inside, folder)
    return inside


def _is_folder(spec: ModuleSpec | None, folder: Path) -> bool:
    if spec is None or spec.submodule_search_locations is None:
        return False
    found = [Path(place).resolve() for place in spec.submodule_search_locations]
    return found == [folder]


def _load_package(name: str, folder: Path) -> None:
    spec = spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"no services in {folder}", name=name)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
