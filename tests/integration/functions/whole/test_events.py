"""The functions, the template and the events go by the same names and routes."""

import json
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from local.openapi.routes import routes
from schoolsms.api.bodies.well_formed import Reader
from schoolsms.api.http import Request, Response
from schoolsms.api.routes import Route
from schoolsms.application.sending.accepting.accept_send_request import SendCommand
from tests.support.functions.cloud import function_folders, load
from tests.support.template import ROOT, function_of, resources, routes_of

EVENTS = sorted((ROOT / "events").glob("*/*.json"))


def test_every_function_has_an_event() -> None:
    assert {path.parent.name for path in EVENTS} == set(function_folders())


@pytest.mark.parametrize("folder", function_folders())
def test_the_routes_of_a_function_are_those_of_the_template(folder: str) -> None:
    """API Gateway matches the route: the function must know every one that leads to it, and who needs a token."""
    events = resources("AWS::Serverless::Function")[function_of(folder)].get("Events", {}).values()
    open_to_all = {
        f"{each['Properties']['Method']} {each['Properties']['Path']}"
        for each in events
        if each["Properties"].get("Auth") == {"Authorizer": "NONE"}
    }
    declared = getattr(load(folder), "ROUTES", ())
    pages = getattr(load(folder), "PAGES", ())

    assert sorted([*(route.key for route in declared), *pages]) == sorted(routes_of(folder))
    assert {*(route.key for route in declared if not route.roles), *pages} == open_to_all


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.key)
def test_a_handler_takes_what_its_route_reads(route: Route) -> None:
    """The request, then the body (None where it may be left out) or the search."""
    if isinstance(route.body, Reader):
        expected: list[Any] = [SendCommand]
    else:
        model = route.body or route.search
        expected = [] if model is None else [model | None if route.body_optional else model]
    hints = list(get_type_hints(route.handler).values())

    assert hints == [Request, *expected, Response]


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_event_of_http_comes_by_a_route_of_its_function(path: Path) -> None:
    event = json.loads(path.read_text("utf-8"))

    if event.get("version") == "2.0":
        assert event["routeKey"] == event["requestContext"]["routeKey"]
        assert event["routeKey"] in routes_of(path.parent.name)
    else:
        assert routes_of(path.parent.name) == set()
