"""The shape of the code: arrows point one way, one name everywhere."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import rooms
from tests.support.rooms import imported

ROOT = Path(__file__).parents[2]
CORE = ROOT / "layers" / "core" / "python"
FUNCTIONS = ROOT / "functions"

# Parts of the service that each part may import; the longest name that matches a module applies.
MAY_IMPORT = {
    "schoolsms.domain": ("domain",),
    "schoolsms.application.ports": ("application.ports", "domain"),
    "schoolsms.application": ("application", "domain"),
    "schoolsms.adapters": ("adapters", "application.ports", "domain", "queue_messages"),
    "schoolsms.bootstrap": ("bootstrap", "adapters", "application", "domain", "settings"),
    "schoolsms.api": ("api", "domain", "observability"),
    "schoolsms.api.bodies": ("api.bodies", "application", "domain"),
    "schoolsms.api.callers": ("domain", "settings"),
    "schoolsms.api.console": ("settings",),
    "schoolsms.api.support": ("domain", "settings"),
    "schoolsms.api.views": ("api.cursors", "api.support", "api.views", "application", "domain"),
    "schoolsms.queue_messages": ("domain",),
    "schoolsms.kept_code": (),
    "schoolsms.settings": (),
    "schoolsms.observability": (),
    "functions": ("bootstrap", "application", "api", "domain", "observability", "queue_messages"),
}
# Rooms that each room of domain and application may import, besides the domain's errors, ids and french.
ROOMS_MAY_IMPORT = {
    "domain": {
        "consents": {"schools", "texts"},
        "history": {"schools", "sending"},
        "orders": {"schools"},
        "schools": set[str](),
        "sending": {"schools", "texts"},
        "texts": set[str](),
    },
    "application": {
        "consents": {"ports", "schools", "sending"},
        "history": {"ports", "schools", "sending"},
        "mails": {"ports"},
        "orders": {"mails", "ports", "schools"},
        "ports": set[str](),
        "schools": {"ports"},
        "sending": {"ports", "schools"},
    },
}
# The most rooms of each layer, and arrows between them.
MOST_ARROWS = {
    "the whole package": (11, 21),
    "domain": (9, 17),
    "application": (7, 12),
    "dynamodb": (4, 4),
    "history table": (3, 3),
    "order_forms": (8, 15),
    "providers": (11, 13),
    "bootstrap": (11, 21),
    "local": (9, 13),
    "operation": (8, 6),
}
DOMAIN_BASICS = {"errors", "french", "ids"}
WITHOUT_THIRD_PARTY = {
    "schoolsms.domain": {"phonenumbers"},
    "schoolsms.application": set[str](),
    "schoolsms.application.ports": set[str](),
}
OUTSIDE_WORLD = {"os", "socket", "subprocess", "urllib", "http", "locale", "time", "random", "threading", "logging"}
CLOCKS = {"now", "utcnow", "today"}


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the service and of its functions, by dotted name."""
    for path in sorted((CORE / "schoolsms").rglob("*.py")):
        yield ".".join(path.relative_to(CORE).with_suffix("").parts).removesuffix(".__init__"), path
    for path in sorted(FUNCTIONS.rglob("*.py")):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts), path


MODULES = dict(modules())


def part_of(module: str) -> str:
    """The row of MAY_IMPORT that rules `module`; "" for the package itself."""
    return max((part for part in MAY_IMPORT if f"{module}.".startswith(f"{part}.")), key=len, default="")


def full_name(module: str, name: str) -> str:
    """`from schoolsms import bootstrap` means the module schoolsms.bootstrap."""
    return f"{module}.{name}" if f"{module}.{name}" in MODULES else module


@pytest.mark.parametrize("module", [name for name in MODULES if part_of(name)])
def test_arrows_point_one_way(module: str) -> None:
    allowed = tuple(f"schoolsms.{name}." for name in MAY_IMPORT[part_of(module)])
    own = [full_name(*each) for each in imported(MODULES[module]) if each[0].partition(".")[0] == "schoolsms"]
    assert [name for name in own if not f"{name}.".startswith(allowed)] == []


def test_every_module_is_ruled() -> None:
    assert [name for name in MODULES if not part_of(name)] == ["schoolsms"]


@pytest.mark.parametrize("layer", ROOMS_MAY_IMPORT)
def test_a_room_imports_only_the_rooms_it_may(layer: str) -> None:
    found = rooms.arrows(CORE / "schoolsms" / layer)
    basics = DOMAIN_BASICS if layer == "domain" else set[str]()
    beyond = {room: to - ROOMS_MAY_IMPORT[layer].get(room, set()) - basics for room, to in found.items()}
    assert {room: to for room, to in beyond.items() if to} == {}
    assert found.keys() - basics == ROOMS_MAY_IMPORT[layer].keys()


@pytest.mark.parametrize(("name", "most"), MOST_ARROWS.items())
def test_a_layer_is_seen_in_one_look(name: str, most: tuple[int, int]) -> None:
    """More rooms or arrows than that, and a reader no longer keeps them in mind."""
    found = rooms.arrows(rooms.PLACES[name])
    assert (len(found) <= most[0], sum(map(len, found.values())) <= most[1]) == (True, True)


@pytest.mark.parametrize("name", rooms.PLACES)
def test_no_rooms_import_each_other(name: str) -> None:
    assert rooms.circles(rooms.arrows(rooms.PLACES[name])) == []


@pytest.mark.parametrize("module", [name for name in MODULES if part_of(name) in WITHOUT_THIRD_PARTY])
def test_rules_and_use_cases_know_no_library_and_no_environment(module: str) -> None:
    """No boto3, no pydantic, no environment, no clock: time comes from a port."""
    allowed = WITHOUT_THIRD_PARTY[part_of(module)] | {"schoolsms"} | (sys.stdlib_module_names - OUTSIDE_WORLD)
    assert {source.partition(".")[0] for source, _ in imported(MODULES[module])} - allowed == set()
    for node in ast.walk(rooms.parsed(MODULES[module])):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS and isinstance(node.value, ast.Name):
            assert node.value.id not in ("datetime", "date"), f"{module} reads a clock in line {node.lineno}"


@pytest.mark.parametrize("module", [name for name in MODULES if part_of(name) == "functions"])
def test_no_function_imports_another(module: str) -> None:
    assert not {"functions", "app", "local", "tests"} & {
        source.partition(".")[0] for source, _ in imported(MODULES[module])
    }


# ------------------------------------------------------------------ one name everywhere


class CloudFormation(yaml.SafeLoader):
    """Reads the template's own tags (`!Ref`, `!Sub`…) as their values."""


def _value(loader: CloudFormation, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else node.value


CloudFormation.add_multi_constructor("!", _value)


@cache
def template() -> dict[str, Any]:
    return dict(yaml.load((ROOT / "template.yaml").read_text(), CloudFormation))  # noqa: S506 - derives from SafeLoader


def folder_of(resource: str) -> str:
    """`CreditOrder` → `credit_order`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", resource).lower()


def folders() -> list[str]:
    return sorted(path.name for path in FUNCTIONS.iterdir() if path.is_dir() and path.name != "__pycache__")


def test_every_function_has_a_folder_and_every_folder_a_function() -> None:
    read = template()
    resources = {
        name: resource["Properties"]["CodeUri"]
        for name, resource in read["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    assert {name: f"functions/{folder_of(name)}" for name in resources} == resources
    assert sorted(map(folder_of, resources)) == folders()
    assert read["Globals"]["Function"]["Handler"] == "app.handler"


@pytest.mark.parametrize("folder", folders())
def test_a_function_is_one_file_with_one_handler(folder: str) -> None:
    assert [path.name for path in (FUNCTIONS / folder).glob("*.py")] == ["app.py"]
    tree = rooms.parsed(FUNCTIONS / folder / "app.py")
    assert [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "handler"]


@pytest.mark.parametrize("folder", [name for name in folders() if not name.endswith(("_api", "console"))])
def test_a_function_is_named_after_its_use_case(folder: str) -> None:
    assert len(list((CORE / "schoolsms" / "application").rglob(f"{folder}.py"))) == 1


@pytest.mark.parametrize("folder", sorted({*folders()} - {"accept_receipts", "accept_replies"}))
def test_every_function_that_acts_for_a_school_asks_which_machine_clients_are_granted(folder: str) -> None:
    """R28: one that forgets lets none in."""
    source = (FUNCTIONS / folder / "app.py").read_text()
    assert source.count("serve(event") == source.count(", bootstrap.integration_granted)")


def test_rules_are_tested_under_the_path_and_the_name_of_their_module() -> None:
    """Each file of `tests/unit/domain`; many of one module have a folder of its name."""
    lost = []
    for path in sorted((ROOT / "tests" / "unit" / "domain").rglob("test_*.py")):
        folder = path.parent.relative_to(ROOT / "tests" / "unit")
        place = folder.parent if (CORE / "schoolsms" / folder.with_suffix(".py")).is_file() else folder
        subject = path.stem.removeprefix("test_")
        names = (module.stem for module in (CORE / "schoolsms" / place).glob("*.py"))
        if not any(f"{subject}_".startswith(f"{name}_") for name in names):
            lost.append(str(path.relative_to(ROOT)))
    assert lost == []


LONGEST_FILE = 350


def test_no_file_is_too_long_to_be_read() -> None:
    places = [ROOT / "layers" / "core", FUNCTIONS, ROOT / "local", ROOT / "tests"]
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for place in places
        for path in place.rglob("*.py")
    }
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}
