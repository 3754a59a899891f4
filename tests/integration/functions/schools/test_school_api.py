"""Managers and senders read their own school, and no other (R2, R14, R18, R36)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.api.cursors import seal
from schoolsms.domain.orders.review.order_reasons import Reason
from schoolsms.domain.schools.stock.ledger import credit, debit
from tests.support.builders import A_SENDER, NOW, ORDER_ID, OTHER_UAI, SCHOOL, TEXTS, UAI, order
from tests.support.cloud_copies import made_once
from tests.support.examples import REQUEST_ID, TEXT, a_line, a_request, lines_of
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "school_api"
SENDER = {"roles": "[sms_sender]", "sub": "user-2", "email": "lea.petit@lycee.test"}
OTHER_SENDER = {"roles": "[sms_sender]", "sub": "user-3", "email": "luc.roy@lycee.test"}
STRANGER = {"school": OTHER_UAI}
OPERATOR = {"roles": "[operator]", "school": None}
MANAGERS_CASES = ("balance", "ledger", "orders", "order", "history", "message")


@pytest.fixture
def sent(cloud: Cloud, school: str) -> str:
    """A request of three messages: one delivered, one sent, one that waits; its id."""
    return made_once("three messages", lambda: _send(cloud, school), after="a school")


def _send(cloud: Cloud, school: str) -> str:
    cloud.ledger.post(school, credit("BC1", 1_000, NOW))
    request = a_request(lines=3)
    cloud.requests.store_and_debit(request, lines_of(3), [], debit(REQUEST_ID, 3, NOW))
    for index in (0, 1):
        cloud.messages.claim(request, a_line(index), "ovh", NOW)
        cloud.messages.sent(request, a_line(index), "ovh", str(index))
    cloud.messages.settle(f"{REQUEST_ID}-0", "ovh", "delivered", NOW + timedelta(seconds=3))
    return REQUEST_ID


def test_health_needs_neither_token_nor_table(cloud: Cloud) -> None:
    assert cloud.call(FUNCTION, event(FUNCTION, "health")) == (200, {"status": "ok"})


def test_the_balance_of_a_school(cloud: Cloud, sent: str) -> None:
    status, body = cloud.call(FUNCTION, event(FUNCTION, "balance"))
    in_use = {"order_id": "BC1", "pack": None, "price_ht": None, "remaining_sms": 997}
    assert (status, body.pop("balance"), body.pop("pack_in_use")) == (200, 997, in_use)
    rest = {"school": UAI, "low_balance_threshold": 100, "subscription_end": "2027-08-31", "state": "active"}
    assert body == {**rest, "contract": None}


def test_the_ledger_of_a_school(cloud: Cloud, sent: str) -> None:
    status, body = cloud.call(FUNCTION, event(FUNCTION, "ledger"))

    assert status == 200
    assert body["next_cursor"] is None
    assert body["items"] == [
        {
            "id": f"debit:{REQUEST_ID}",
            "at": "2026-11-23T09:00:00.000Z",
            "kind": "debit",
            "kind_text": "Décompte",
            "amount": -3,
            "balance_after": 997,
            "cause": {"type": "send_request", "id": REQUEST_ID},
            "explanation": f"Décompte de l’envoi {REQUEST_ID}.",
        },
        {
            "id": "credit:BC1",
            "at": "2026-11-23T09:00:00.000Z",
            "kind": "credit",
            "kind_text": "Crédit",
            "amount": 1_000,
            "balance_after": 1_000,
            "cause": {"type": "order", "id": "BC1"},
            "explanation": "Crédit des SMS de la commande BC1.",
        },
    ]


LISTS = ("ledger", "orders", "orders_in_review", "invoices", "invoices_overdue")


@pytest.mark.parametrize(
    "cursor",
    ["x", "-1", "0", "²", "٣", "9" * 200, "9" * 5_000, "2026-11-23", "0750655E", "~", "2026-11-23T09:00:00.000Z#"],
)
@pytest.mark.parametrize("case", LISTS)
def test_a_cursor_that_is_not_ours_is_refused(cloud: Cloud, sent: str, case: str, cursor: str) -> None:
    for query in (cursor, str(seal(cursor))):
        status, body = cloud.call(FUNCTION, http(FUNCTION, case, query={"cursor": query}))

        assert (status, body["code"]) == (422, "invalid-cursor")


@pytest.mark.parametrize("case", [*LISTS, "history"])
def test_an_empty_cursor_is_none(cloud: Cloud, sent: str, case: str) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, case, query={"cursor": ""}))[0] == 200


def test_the_orders_of_a_school(cloud: Cloud, school: str) -> None:
    cloud.orders.record(order(state="incomplete", reasons=(Reason("signature-missing"),), read={"siret": "732829320"}))
    cloud.orders.record(order(id="BC26-OTHERS", school=OTHER_UAI))

    status, body = cloud.call(FUNCTION, event(FUNCTION, "orders"))

    assert status == 200
    (shown,) = body["items"]
    assert (shown["id"], shown["state"], shown["total_ttc"]) == (ORDER_ID, "incomplete", "204.00")
    assert shown["packs"] == {"P1000": 2}
    assert shown["reasons"][0]["detail"] == "signature absente"
    assert cloud.call(FUNCTION, event(FUNCTION, "order")) == (200, {**shown, "contract": None})


@pytest.mark.parametrize("claims", [{}, OPERATOR])
def test_an_accepted_order_shows_the_contract_it_made(cloud: Cloud, school: str, claims: dict[str, str | None]) -> None:
    """R4."""
    cloud.orders.record(order(state="accepted"))

    shown = cloud.call(FUNCTION, http(FUNCTION, "order", claims=claims))[1]
    assert shown["contract"] == {
        "in_force_from": "2026-11-23T09:00:00.000Z",
        "in_force_until": "2027-08-31T22:00:00.000Z",
        "ends": "school-year-end",
        "school_year": "2026-27",
        "conditions_version": "2026-09",
        "texts": [{"name": each.name, "version": each.version, "sha256": each.sha256} for each in TEXTS],
    }


def test_what_was_read_on_a_form_is_for_the_operator(cloud: Cloud, school: str) -> None:
    cloud.orders.record(order(state="review", read={"contact_role": "Proviseure"}))

    as_operator = cloud.call(FUNCTION, http(FUNCTION, "order", claims=OPERATOR))[1]
    as_manager = cloud.call(FUNCTION, event(FUNCTION, "order"))[1]
    assert (as_operator["read"], as_operator["issued"]) == ({"contact_role": "Proviseure"}, None)
    assert "read" not in as_manager


def test_the_operator_lists_orders_by_state(cloud: Cloud) -> None:
    cloud.orders.record(order(state="review"))
    cloud.orders.record(order(id="BC26-2", school=OTHER_UAI, state="review", received_at=NOW + timedelta(hours=1)))
    cloud.orders.record(order(id="BC26-3"))

    def ids(**query: str) -> list[str]:
        found = cloud.call(FUNCTION, http(FUNCTION, "orders_in_review", query=query))[1]
        return [each["id"] for each in found["items"]]

    assert ids(state="review") == ids() == [ORDER_ID, "BC26-2"]
    assert ids(state="accepted") == ["BC26-3"]
    assert cloud.call(FUNCTION, http(FUNCTION, "orders_in_review", query={"state": "lost"}))[0] == 422


@pytest.mark.parametrize("order_id", ["BC26-UNKNOWN", "x", "BC26-ABCDEFGHIJ#", "²", "x" * 5_000])
def test_an_order_nobody_sent_is_not_found(cloud: Cloud, school: str, order_id: str) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, "order", path={"id": order_id}))[0] == 404


def test_the_history_shows_each_message(cloud: Cloud, sent: str) -> None:
    status, body = cloud.call(FUNCTION, event(FUNCTION, "history"))

    assert status == 200
    assert body["items"][0] == {
        "message_id": f"{REQUEST_ID}-0",
        "request_id": REQUEST_ID,
        "text": TEXT,
        "phone": "+33610000010",
        "sms_count": 1,
        "status": "delivered",
        "status_text": "Reçu",
        "reason": None,
        "author": A_SENDER.email,
        "author_id": A_SENDER.subject,
        "client_id": None,
        "accepted_at": "2026-11-23T09:00:00.000Z",
        "send_at": None,
        "final_at": "2026-11-23T09:00:03.000Z",
    }
    assert [each["status"] for each in body["items"]] == ["delivered", "sent", "queued"]
    assert body["next_cursor"] is None


def found(cloud: Cloud, **query: str) -> list[str]:
    status, body = cloud.call(FUNCTION, http(FUNCTION, "history", query=query))
    assert status == 200
    return [each["message_id"].rpartition("-")[2] for each in body["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["0", "1", "2"]),
        ({"phone": "06 10 00 01 10"}, ["1"]),
        ({"status": "queued"}, ["2"]),
        ({"author": "LEA.PETIT"}, ["0", "1", "2"]),
        ({"from": "2026-11-23", "to": "2026-11-23"}, ["0", "1", "2"]),
        ({"from": "2026-11-23T09:00:00Z"}, ["0", "1", "2"]),
        ({"from": "2026-11-23T10:00:00.001+01:00"}, []),
        ({"to": "2026-11-23T08:59:59Z"}, []),
        ({"from": "2026-11-23T00:00:00Z", "to": "2026-11-23T23:00:00Z"}, ["0", "1", "2"]),
        ({"to": "2026-11-23T00:00:00Z"}, []),
        ({"from": "2026-11-23T09:00:00"}, ["0", "1", "2"]),
        ({"from": "0001-01-01", "to": "9999-12-31"}, ["0", "1", "2"]),
    ],
)
def test_the_history_is_searched(cloud: Cloud, sent: str, query: dict[str, str], expected: list[str]) -> None:
    assert found(cloud, **query) == expected


def test_the_history_is_searched_as_the_event_of_a_browser_asks(cloud: Cloud, sent: str) -> None:
    assert [each["status"] for each in cloud.call(FUNCTION, event(FUNCTION, "history_search"))[1]["items"]] == [
        "delivered"
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "lost"},
        {"from": "yesterday"},
        {"to": "2026-13-01"},
        {"from": "23/11/2026"},
        {"from": "2026-11-23T25:00:00Z"},
        {"from": "0001-01-01T00:00:00+05:00"},
        {"to": "9999-12-31T23:59:59-05:00"},
        {"to": "²"},
        {"to": "12345"},
        {"phone": "0" * 65},
        {"cursor": "x" * 201},
    ],
)
def test_a_search_that_is_none_is_a_problem(cloud: Cloud, sent: str, query: dict[str, str]) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, "history", query=query))[0] == 422


@pytest.mark.parametrize("cursor", ["x", "|", "|x", "x|y-1", "2026|REQUESTAAAAAAA-99999", "~|²"])
def test_a_history_cursor_that_is_none_is_refused(cloud: Cloud, sent: str, cursor: str) -> None:
    for query in (cursor, str(seal(cursor))):
        status, body = cloud.call(FUNCTION, http(FUNCTION, "history", query={"cursor": query}))

        assert (status, body["code"]) == (422, "invalid-cursor")


def test_a_long_history_is_read_whole_by_its_cursors(cloud: Cloud, school: str) -> None:
    for number in range(3):
        moment = NOW + timedelta(minutes=number)
        request = a_request(lines=120, cost_sms=0, id=f"REQUEST{number:07d}", accepted_at=moment)
        cloud.requests.store_and_debit(request, lines_of(120), [], None)

    seen: list[str] = []
    cursor = ""
    for _ in range(10):
        query = {"cursor": cursor} if cursor else {}
        body = cloud.call(FUNCTION, http(FUNCTION, "history", query=query))[1]
        seen += [each["message_id"] for each in body["items"]]
        cursor = body["next_cursor"]
        if not cursor:
            break

    assert seen == [f"REQUEST{number:07d}-{index}" for number in (2, 1, 0) for index in range(120)]


def test_the_sender_of_a_request_sees_its_totals(cloud: Cloud, sent: str) -> None:
    shown = {
        "id": REQUEST_ID,
        "state": "accepted",
        **dict.fromkeys(("text_start", "text"), TEXT),
        **dict.fromkeys(("sender", "client_id", "send_at", "cancelled_at")),
        "accepted": 3,
        "refused": 0,
        "cost_sms": 3,
        "accepted_at": "2026-11-23T09:00:00.000Z",
        "due_at_local": "2026-11-23T10:00:00.000+01:00",
        "expires_at": "2026-11-26T09:00:00.000Z",
        "totals": {"delivered": 1, "sent": 1, "queued": 1},
    }
    assert cloud.call(FUNCTION, event(FUNCTION, "send_request")) == (200, shown)


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        (SENDER, 200),
        ({"roles": "[sms_manager]"}, 200),
        (OTHER_SENDER, 404),
        ({**SENDER, **STRANGER}, 404),
        ({"roles": "[sms_manager]", **STRANGER}, 404),
        ({"roles": "[operator]"}, 403),
        ({"roles": None}, 403),
        ({"school": None}, 403),
        ({"sub": None}, 403),
    ],
)
def test_who_may_see_a_request(cloud: Cloud, sent: str, claims: dict[str, str | None], status: int) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, "send_request", claims=claims))[0] == status


@pytest.mark.parametrize("request_id", ["UNKNOWNAAAAAAA", "x", "²", "x" * 5_000])
def test_a_request_nobody_made_is_not_found(cloud: Cloud, school: str, request_id: str) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, "send_request", path={"id": request_id}))[0] == 404


@pytest.mark.parametrize("case", MANAGERS_CASES)
@pytest.mark.parametrize("claims", [SENDER, {"roles": None}, {"roles": "[]"}, {"school": None}, {"sub": None}])
def test_what_is_a_managers_is_nobody_elses(cloud: Cloud, sent: str, case: str, claims: dict[str, Any]) -> None:
    """R14, R36: senders never see stock, ledger or history."""
    cloud.orders.record(order())

    status, body = cloud.call(FUNCTION, http(FUNCTION, case, claims=claims))

    assert (status, body["code"]) == (403, "forbidden")


def test_nothing_of_a_school_is_shown_to_another(cloud: Cloud, sent: str) -> None:
    """R2."""
    cloud.orders.record(order())
    cloud.schools.put(replace(SCHOOL, uai=OTHER_UAI))

    def seen(case: str) -> tuple[int, Any]:
        return cloud.call(FUNCTION, http(FUNCTION, case, claims=STRANGER))

    empty: dict[str, Any] = {"items": [], "next_cursor": None}
    assert seen("balance")[1]["balance"] == 0
    assert [seen(case) for case in ("ledger", "orders", "history")] == [(200, empty)] * 3
    assert seen("order")[0] == 404


@pytest.mark.parametrize("case", ["balance", "ledger", "orders", "invoices", "history"])
def test_a_school_that_is_not_registered_gets_an_error_that_says_so(cloud: Cloud, case: str) -> None:
    status, body = cloud.call(FUNCTION, event(FUNCTION, case))

    assert (status, body["code"]) == (404, "not-found")


def test_a_school_in_lower_case_in_a_token_is_the_same(cloud: Cloud, sent: str) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, "balance", claims={"school": UAI.lower()}))[1]["balance"] == 997


def test_a_route_that_does_not_exist_is_a_problem(cloud: Cloud) -> None:
    """API Gateway never sends one; a route added to the template alone would."""
    lost = event(FUNCTION, "balance") | {"routeKey": "GET /v1/nothing"}

    assert cloud.call(FUNCTION, lost)[0] == 500


def test_answers_are_kept_by_nobody(cloud: Cloud, sent: str) -> None:
    assert cloud.invoke(FUNCTION, event(FUNCTION, "history"))["headers"]["cache-control"] == "no-store"
