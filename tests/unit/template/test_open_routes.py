"""Calls without a token take nothing from those who send, by `template.yaml` (R48)."""

from typing import Any

import pytest

from tests.support.template import parameter, resources

FUNCTIONS = resources("AWS::Serverless::Function")
LIMITS = resources("AWS::Serverless::HttpApi")["HttpApi"]["RouteSettings"]
LEFT_BY_AWS = 100
"""Executions that AWS wants unreserved in every account, of 1,000 unless raised."""


def open_routes(function: str) -> set[str]:
    """Those of its routes that need no token."""
    found = [each["Properties"] for each in FUNCTIONS[function].get("Events", {}).values() if each["Type"] == "HttpApi"]
    return {f"{each['Method']} {each['Path']}" for each in found if each.get("Auth") == {"Authorizer": "NONE"}}


def reserved(function: str) -> Any:
    return FUNCTIONS[function].get("ReservedConcurrentExecutions")


WITHOUT_TOKENS = sorted(
    name for name in FUNCTIONS if open_routes(name) and len(open_routes(name)) == len(FUNCTIONS[name].get("Events", {}))
)


def test_every_route_without_a_token_has_a_limit_of_its_own() -> None:
    """And no others have, of which AWS refuses to deploy those that are no routes."""
    assert set(LIMITS) == {route for function in FUNCTIONS for route in open_routes(function)}


@pytest.mark.parametrize("function", WITHOUT_TOKENS)
def test_a_function_that_anybody_calls_runs_so_many_times_at_once_and_no_more(function: str) -> None:
    condition, most, otherwise = reserved(function)["Fn::If"]
    assert (condition, otherwise) == ("Reserved", {"Ref": "AWS::NoValue"})
    assert most == {"Ref": "ReceiptsConcurrency"} or most <= 50


def test_reserved_concurrency_fits_an_account_and_leaves_most_of_it_to_sending() -> None:
    own = [reserved(function)["Fn::If"][1] for function in FUNCTIONS if reserved(function)]
    taken = sum(each if isinstance(each, int) else int(parameter(each["Ref"]) or 0) for each in own)
    assert taken <= (1000 - LEFT_BY_AWS) / 2


def test_a_route_without_a_token_beside_others_is_called_seldom() -> None:
    """Health and description share a function with what managers read, closure days with what the operator does."""
    shared = {route for function in FUNCTIONS if function not in WITHOUT_TOKENS for route in open_routes(function)}
    assert shared == {
        *("GET /healthz", "GET /v1/openapi.json", "GET /v1/closures", "GET /conditions/{version}"),
        *(f"{method} /v1/notified/confirmation/{{token}}" for method in ("GET", "POST")),
    }
    assert all(LIMITS[route]["ThrottlingRateLimit"] <= 10 for route in shared)
