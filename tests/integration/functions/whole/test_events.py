"""The functions, the template and the events go by the same names and routes."""

import json
from pathlib import Path

import pytest

from tests.support.functions.cloud import function_folders, load
from tests.support.template import ROOT, routes_of

EVENTS = sorted((ROOT / "events").glob("*/*.json"))


def test_every_function_has_an_event() -> None:
    assert {path.parent.name for path in EVENTS} == set(function_folders())


@pytest.mark.parametrize("folder", function_folders())
def test_the_routes_of_a_function_are_those_of_the_template(folder: str) -> None:
    """API Gateway matches the route; the function must know every one that leads to it."""
    routes = getattr(load(folder), "ROUTES", None)
    if routes is not None:
        assert set(routes) == routes_of(folder)
    else:
        assert len(routes_of(folder)) <= 1


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_event_of_http_comes_by_a_route_of_its_function(path: Path) -> None:
    event = json.loads(path.read_text("utf-8"))

    if event.get("version") == "2.0":
        assert event["routeKey"] == event["requestContext"]["routeKey"]
        assert event["routeKey"] in routes_of(path.parent.name)
    else:
        assert routes_of(path.parent.name) == set()
