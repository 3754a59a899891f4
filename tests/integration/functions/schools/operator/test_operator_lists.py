"""The operator lists what is of one school (R12, R42)."""

from tests.support.builders import NOW, ORDER_ID, OTHER_UAI, UAI, order
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import http

OPERATOR = {"roles": "[operator]", "school": None}


def test_the_operator_names_the_school_whose_orders_and_invoices_are_listed(cloud: Cloud, school: str) -> None:
    cloud.orders.record(order(received_at=NOW))
    cloud.orders.record(order(id="BC26-2", school=OTHER_UAI))

    def listed(case: str, uai: str, **query: str) -> tuple[int, list[str]]:
        asked = http("school_api", case, claims=OPERATOR, query={"school": uai, **query})
        status, body = cloud.call("school_api", asked)
        return status, [each["id"] for each in body.get("items", [])]

    assert listed("orders", UAI) == listed("orders", UAI.lower(), state="accepted") == (200, [ORDER_ID])
    assert listed("orders", UAI, state="review") == listed("invoices", UAI) == (200, [])
    assert listed("orders", OTHER_UAI) == listed("invoices", OTHER_UAI) == (404, [])
