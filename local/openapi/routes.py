"""The routes of all functions, as the functions declare them."""

import importlib.util
from pathlib import Path

from schoolsms.api.routes import Route

ROOT = Path(__file__).parents[2]


def routes() -> list[Route]:
    """Every route, by path."""
    found = [route for path in sorted(ROOT.glob("functions/*/app.py")) for route in routes_of(path.parent.name)]
    return sorted(found, key=lambda route: (route.path, route.method))


def routes_of(folder: str) -> tuple[Route, ...]:
    """The routes of `functions/<folder>`; none if it answers no HTTP."""
    path = ROOT / "functions" / folder / "app.py"
    spec = importlib.util.spec_from_file_location(f"described_{folder}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: tuple[Route, ...] = getattr(module, "ROUTES", ())
    return found
