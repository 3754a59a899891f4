"""The operator sees what a school sees, for a reason that is recorded; numbers are masked (R2, R46)."""

from datetime import timedelta
from typing import Any

import pytest

from schoolsms.domain.schools.stock.ledger import credit, debit
from tests.support.builders import NOW, ORDER_ID, OTHER_UAI, UAI, order
from tests.support.examples import REQUEST_ID, a_line, a_request, lines_of
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "activity_api"
CASES = ("balance", "ledger", "history", "send_requests", "orders", "invoices", "consents")
WHY = "Le gestionnaire appelle : solde incompris"
PHONE = a_line(0).phone
MASKED = "+336••••••10"


@pytest.fixture
def sent(cloud: Cloud, school: str) -> str:
    cloud.orders.record(order())
    cloud.ledger.post(school, credit(ORDER_ID, 1_000, NOW))
    cloud.requests.store_and_debit(a_request(lines=2), lines_of(2), [], debit(REQUEST_ID, 2, NOW))
    return school


def test_the_operator_finds_why_a_parent_got_nothing_in_one_call(cloud: Cloud, sent: str) -> None:
    query = {"reason": WHY, "phone": PHONE, "day": "2026-11-23"}
    status, body = cloud.call(FUNCTION, http(FUNCTION, "view_trace", query=query))
    assert (status, body["phone"], body["consent"], body["refused"]) == (200, MASKED, None, [])
    [message] = body["messages"]
    assert (message["phone"], message["status"], [each["event"] for each in message["events"]]) == (
        MASKED,
        "queued",
        ["accepted"],
    )
    detail = {"looked_at": "trace", "numbers": "masked", "searched": ["day", "phone"]}
    assert looked_at(cloud) == [("kosmos-1", WHY, detail)]
    assert cloud.call(FUNCTION, http(FUNCTION, "view_trace", query={**query, "unmask": "true"}))[1]["phone"] == PHONE


def looked_at(cloud: Cloud) -> list[tuple[Any, ...]]:
    """Recorded looks, oldest first; those of one millisecond in any order."""
    readings = cloud.call("operator_api", event("operator_api", "list_readings"))[1]["items"]
    shown = ("looked_at", "numbers", "searched")
    return [(each["by"], each["reason"], {name: each[name] for name in shown}) for each in readings[::-1]]


@pytest.mark.parametrize("case", CASES)
def test_what_a_manager_sees_is_shown_and_the_look_is_recorded(cloud: Cloud, sent: str, case: str) -> None:
    status, body = cloud.call(FUNCTION, event(FUNCTION, f"view_{case}"))
    assert status == 200
    assert body["balance"] == 998 if case == "balance" else body["next_cursor"] is None
    detail = {"looked_at": case.replace("_", "-"), "numbers": "masked", "searched": []}
    assert looked_at(cloud) == [("kosmos-1", WHY, detail)]
    assert cloud.call("operator_api", event("operator_api", "list_acts"))[1]["items"] == []


def test_numbers_are_masked_unless_the_operator_asks_for_them(cloud: Cloud, sent: str) -> None:
    def phones(**query: str) -> list[str]:
        cloud.clock.advance(timedelta(seconds=1))
        asked = http(FUNCTION, "view_history", query={"reason": WHY, **query})
        return [each["phone"] for each in cloud.call(FUNCTION, asked)[1]["items"]]

    assert phones(phone=PHONE) == [MASKED]
    assert phones(phone=PHONE, unmask="true") == [PHONE]
    assert phones(phone=PHONE, unmask="1") == [MASKED]
    assert [detail for *_, detail in looked_at(cloud)] == [
        {"looked_at": "history", "numbers": numbers, "searched": ["phone"]} for numbers in ("masked", "whole", "masked")
    ]
    assert PHONE not in str(looked_at(cloud))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("query", [{}, {"reason": ""}, {"reason": " "}])
def test_without_a_reason_nothing_is_shown(cloud: Cloud, sent: str, case: str, query: dict[str, str]) -> None:
    status, body = cloud.call(FUNCTION, http(FUNCTION, f"view_{case}", query=query))
    assert (status, body["code"]) == (422, "reason-required")
    assert looked_at(cloud) == []


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    "claims", [{"roles": "[sms_manager]", "school": UAI}, {"roles": "[sms_sender]"}, {"sub": None}]
)
def test_nobody_but_the_operator_looks(cloud: Cloud, sent: str, case: str, claims: dict[str, Any]) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, f"view_{case}", claims=claims))[0] == 403
    assert looked_at(cloud) == []


@pytest.mark.parametrize(("uai", "status"), [(OTHER_UAI, 404), ("x", 422), ("0750655A", 422)])
def test_a_school_that_is_not_there_is_not_found(cloud: Cloud, uai: str, status: int) -> None:
    for case in CASES:
        assert cloud.call(FUNCTION, http(FUNCTION, f"view_{case}", path={"uai": uai}))[0] == status


def test_numbers_of_consents_are_masked_too(cloud: Cloud, sent: str) -> None:
    status, record = cloud.call("school_api", event("school_api", "put_consent"))
    assert status == 201
    phone = record["phone"]

    def shown(**query: str) -> list[dict[str, Any]]:
        asked = http(FUNCTION, "view_consents", query={"reason": WHY, **query})
        found: list[dict[str, Any]] = cloud.call(FUNCTION, asked)[1]["items"]
        return found

    assert shown() == [{**record, "phone": f"{phone[:4]}••••••{phone[-2:]}"}]
    assert shown(unmask="true") == [record]
