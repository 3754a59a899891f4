"""Rooms and arrows of the code: `python -m tests.support.rooms` prints them for each place of the house.

A room is a direct child of a place, file or folder. An arrow goes from a room to another whose code it imports, also
under TYPE_CHECKING or inside a function, because a reader follows those too.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORE = ROOT / "layers" / "core" / "python"

PLACES = {
    "the whole package": CORE / "schoolsms",
    "domain": CORE / "schoolsms" / "domain",
    "application": CORE / "schoolsms" / "application",
    "dynamodb": CORE / "schoolsms" / "adapters" / "dynamodb",
    "history table": CORE / "schoolsms" / "adapters" / "dynamodb" / "history",
    "order_forms": CORE / "schoolsms" / "adapters" / "order_forms",
    "providers": CORE / "schoolsms" / "adapters" / "providers",
    "bootstrap": CORE / "schoolsms" / "bootstrap",
    "local": ROOT / "local",
    "operation": ROOT / "local" / "operation",
}


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """Module and name of each import, at any depth; `import a.b` gives ("a.b", "")."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from ((node.module or "", alias.name) for alias in node.names)


@cache
def parsed(path: Path) -> ast.Module:
    """The module at `path`, parsed once for all who look at it."""
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """The dotted names that the module at `path` imports; `from a import b` gives both `a` and `a.b`."""
    for module, name in imported(path):
        yield from (module, f"{module}.{name}") if name else (module,)


def arrows(place: Path) -> Mapping[str, frozenset[str]]:
    """Each room of `place` with the rooms it imports."""
    root = CORE if place.is_relative_to(CORE) else ROOT
    package = ".".join(place.relative_to(root).parts)
    files = {
        child.stem: [child] if child.suffix == ".py" else sorted(child.rglob("*.py"))
        for child in sorted(place.iterdir())
        if child.suffix == ".py" or (child.is_dir() and any(child.rglob("*.py")))
    }
    rooms = {name: paths for name, paths in files.items() if any(each.read_text("utf-8").strip() for each in paths)}
    return {
        name: frozenset(
            target
            for path in paths
            for imported in imports(path)
            if imported.startswith(f"{package}.")
            and (target := imported.removeprefix(f"{package}.").partition(".")[0]) in rooms
            and target != name
        )
        for name, paths in rooms.items()
    }


def circles(graph: Mapping[str, frozenset[str]]) -> list[tuple[str, ...]]:
    """The groups of rooms that reach each other, each sorted."""
    reached = {name: _reached(graph, name) for name in graph}
    groups = {tuple(sorted(b for b in reached[a] if a in reached[b])) for a in graph if a in reached[a]}
    return sorted(groups)


def _reached(graph: Mapping[str, frozenset[str]], start: str) -> set[str]:
    found: set[str] = set()
    ahead = set(graph[start])
    while ahead:
        room = ahead.pop()
        found.add(room)
        ahead |= graph[room] - found
    return found


def main() -> None:
    """Print a line for each place, and its arrows with `-v`."""
    for name, place in PLACES.items():
        graph = arrows(place)
        count = sum(map(len, graph.values()))
        sys.stdout.write(f"{name}: {len(graph)} rooms, {count} arrows, circles: {circles(graph) or 'none'}\n")
        if "-v" in sys.argv:
            sys.stdout.writelines(f"  {room} -> {', '.join(sorted(to))}\n" for room, to in graph.items() if to)


if __name__ == "__main__":
    main()
