"""The receipts of 10,000 messages find their way in, by `template.yaml`: who is turned away may not return (R48)."""

import pytest

from tests.support.template import resources, routes_of

MESSAGES = 10_000


@pytest.mark.parametrize("route", sorted(routes_of("accept_receipts")))
def test_the_receipts_of_the_largest_request_may_come_within_a_second(route: str) -> None:
    limits = resources("AWS::Serverless::HttpApi")["HttpApi"]["RouteSettings"][route]

    assert limits["ThrottlingBurstLimit"] + limits["ThrottlingRateLimit"] >= MESSAGES
