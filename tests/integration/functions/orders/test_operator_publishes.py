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
