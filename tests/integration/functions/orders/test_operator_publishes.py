"""Closure days and prices as the operator publishes them."""

import json

from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event

FUNCTION = "operator_api"


def test_closure_days_that_are_published_are_kept(cloud: Cloud) -> None:
    assert cloud.call(FUNCTION, event(FUNCTION, "put_closures")) == (200, ["2026-12-24", "2026-12-31"])


def test_prices_that_are_published_are_kept(cloud: Cloud) -> None:
    put = event(FUNCTION, "put_price_list")
    assert cloud.call(FUNCTION, put) == (200, json.loads(put["body"]))


def test_closure_days_are_shown_to_anybody(cloud: Cloud) -> None:
    """§3: they move the deadlines that schools are given."""
    assert cloud.call(FUNCTION, event(FUNCTION, "get_closures")) == (200, [])
    cloud.call(FUNCTION, event(FUNCTION, "put_closures"))
    assert cloud.call(FUNCTION, event(FUNCTION, "get_closures")) == (200, ["2026-12-24", "2026-12-31"])
