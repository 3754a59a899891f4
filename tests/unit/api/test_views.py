"""Views of the HTTP API: the contract's items, UTC instants, amounts as text."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from schoolsms.api.cursors import seal
from schoolsms.api.views.history import message_view
from schoolsms.api.views.orders import managers_order_view, order_view, review_view
from schoolsms.api.views.schools.balance import balance_view
from schoolsms.api.views.schools.schools import entry_view, school_view
from schoolsms.api.views.sending.sending import (
    accepted_view,
    cancelled_view,
    refusal_view,
    refusals_view,
    send_request_view,
)
from schoolsms.api.views.values import slice_view
from schoolsms.application.ports.core import Slice
from schoolsms.application.schools.stock.read_accounts import Stock
from schoolsms.domain.history.history_messages import Message
from schoolsms.domain.orders.orders import Alteration, Decision
from schoolsms.domain.orders.pack_in_use import Lot, LotLeft
from schoolsms.domain.orders.review.order_reasons import Reason
from schoolsms.domain.schools.stock.ledger import Balance, Entry
from schoolsms.domain.schools.stock.ledger_causes import Cause
from schoolsms.domain.sending.send_requests import Refusal
from tests.support.builders import DEADLINE, NOW, SCHOOL, UAI, order
from tests.support.sending import Sending, phone, phones

IN_NOUMEA = timezone(timedelta(hours=11))


def test_a_school_is_shown_as_it_was_put() -> None:
    shown = school_view(replace(SCHOOL, sender_name="Lycee75"))
    assert shown == {
        "uai": UAI,
        "name": "Lycée Paul Valéry",
        "siret": "73282932000074",
        "address": {
            "line1": "1 rue des Écoles",
            "line2": None,
            "postcode": "75005",
            "city": "Paris",
            "country": "FR",
        },
        "managers": [
            {"name": "Marie Durand", "email": "marie.durand@lycee.test"},
            {"name": "Paul Martin", "email": "paul.martin@lycee.test"},
        ],
        "subscription_end": "2027-08-31",
        "calendar": "metropole",
        "low_balance_threshold": 100,
        "sender_name": "Lycee75",
        "daily_limit": None,
        "order_senders": [],
        "vat_rate": "20",
        "country": "FR",
        "state": "active",
        "formal_notice": None,
        "destinations": {
            "sending_country": None,
            "destinations": {},
            "version": 0,
            "accepted_version": None,
            "in_force": {iso: {"multiplier": 1} for iso in ("BL", "FR", "GF", "GP", "MF", "MQ", "PM", "RE", "YT")},
            "tariff": None,
            "accepted_tariff": None,
        },
        "integrations": [],
    }


def test_the_balance_comes_with_what_a_manager_needs_beside() -> None:
    """R14."""
    shown = balance_view(Stock(SCHOOL, Balance(UAI, 42, 7), LotLeft(Lot("BC1", "P1000", 8_500, 1_000), 42), None))
    assert shown["balance"] == 42
    assert shown["pack_in_use"] == {"order_id": "BC1", "pack": "P1000", "price_ht": "85.00", "remaining_sms": 42}
    assert shown["low_balance_threshold"] == 100
    assert shown["subscription_end"] == "2027-08-31"


def test_an_entry_is_the_contract_s() -> None:
    entry = Entry("debit:R1", UAI, 2, NOW, "debit", -3, 97, Cause("send_request", "R1"))
    assert entry_view(entry) == {
        "id": "debit:R1",
        "at": "2026-11-23T09:00:00.000Z",
        "kind": "debit",
        "kind_text": "Décompte",
        "amount": -3,
        "balance_after": 97,
        "cause": {"type": "send_request", "id": "R1"},
        "explanation": "Décompte de l’envoi R1.",
    }


def test_an_order_tells_what_was_ordered_what_it_costs_and_why_it_stopped() -> None:
    shown = order_view(order(state="review", reasons=(Reason("form-altered", "page ajoutée"),)))
    assert (shown["id"], shown["school"], shown["state"]) == ("BC26-ABCDEFGHIJ", UAI, "review")
    assert (shown["received_at"], shown["deadline"]) == ("2026-11-23T09:00:00.000Z", "2026-11-24T09:00:00.000Z")
    assert (shown["packs"], shown["sms"], shown["total_ttc"]) == ({"P1000": 2}, 2_000, "204.00")
    (reason,) = shown["reasons"]
    assert (reason["code"], reason["field"]) == ("form-altered", "page ajoutée")
    assert "page ajoutée" in reason["detail"]
    assert reason["remedy"]


def test_an_order_of_nobody_knows_whom_has_no_school() -> None:
    assert order_view(order(school=""))["school"] is None


def test_the_operator_sees_the_differences_and_their_places() -> None:
    altered = order(state="review", alterations=(Alteration("page ajoutée", 2, "received/1.png"), Alteration("script")))
    shown = review_view(altered, None)
    assert shown["alterations"] == [
        {"detail": "page ajoutée", "page": 2, "picture": "/v1/orders/BC26-ABCDEFGHIJ/alterations/1"},
        {"detail": "script", "page": None, "picture": None},
    ]
    assert (shown["decisions"], shown["advice"]) == (["accept", "reject"], None)


def test_the_operator_learns_that_an_order_without_form_can_only_be_rejected() -> None:
    shown = review_view(order(state="review", school=""), None)
    assert shown["decisions"] == ["reject"]
    assert "télécharger un bon de commande" in (shown["advice"] or "")


def test_nothing_is_left_to_decide_of_an_order_that_is_not_in_review() -> None:
    shown = review_view(order(state="credited", school=""), None)
    assert (shown["decisions"], shown["advice"]) == ([], None)


def test_what_was_read_on_a_form_is_not_in_the_view_of_all() -> None:
    """R12: it is for who decides."""
    assert "Marie Durand" not in str(order_view(order(read={"contact_name": "Marie Durand"})))


def test_an_accepted_request_answers_as_the_contract_says() -> None:
    request = Sending().accepted(phone(0))
    refusal = Refusal(1, "12", "invalid-number", "Ce numéro n'existe pas : vérifiez-le.")
    assert accepted_view(request, [refusal]) == {
        "id": request.id,
        "state": "accepted",
        "accepted": 1,
        "refused": [
            {
                "index": 1,
                "phone": "12",
                "code": "invalid-number",
                "detail": "Ce numéro n’existe pas\u00a0: vérifiez-le.",
            }
        ],
        "cost_sms": 1,
        "send_at": None,
        "due_at_local": "2026-11-23T10:00:00.000+01:00",
        "expires_at": "2026-11-26T09:00:00.000Z",
        "warnings": [],
    }


def test_a_scheduled_request_says_so_until_it_starts() -> None:
    """R29."""
    request = replace(Sending().accepted(), due_at=NOW + timedelta(hours=1))
    for view in (accepted_view(request, []), send_request_view(request, {"queued": 1})):
        assert (view["state"], view["send_at"]) == ("scheduled", "2026-11-23T10:00:00.000Z")
    started = replace(request, started=True)
    assert accepted_view(started, [])["state"] == send_request_view(started, {"queued": 1})["state"] == "accepted"
    assert send_request_view(started, {"delivered": 1})["state"] == "finished"


def test_a_cancelled_request_has_all_its_messages_cancelled() -> None:
    shown = cancelled_view(replace(Sending().accepted(*phones(3)), cancelled=True))
    assert (shown["state"], shown["totals"]) == ("cancelled", {"cancelled": 3})


def test_a_refusal_out_of_a_list_names_its_row() -> None:
    assert refusal_view(Refusal(0, "12", "invalid-number", "…", row=2))["row"] == 2


def test_very_many_refusals_are_listed_without_their_sentences() -> None:
    """Lambda answers with 6 MB at most."""
    refusals = [Refusal(index, "1" * 64, "missing-variable", "é" * 120, row=index + 2) for index in range(30_000)]
    listed = refusals_view(refusals)
    assert len(listed) == 30_000
    assert {tuple(each) for each in listed} == {("index", "phone", "code", "row")}
    assert len(json.dumps(listed)) < 5_000_000
    assert "detail" in refusals_view(refusals[:10_000])[0]


@pytest.mark.parametrize(
    ("totals", "state"),
    [
        ({"queued": 1}, "accepted"),
        ({"sent": 1, "delivered": 9}, "accepted"),
        ({"uncertain": 1}, "accepted"),
        ({"delivered": 1, "undeliverable": 1, "expired": 1, "failed": 1, "cancelled": 1}, "finished"),
    ],
)
def test_a_request_is_finished_when_nothing_can_change_any_more(totals: Any, state: str) -> None:
    request = Sending().accepted()
    assert send_request_view(request, totals)["state"] == state
    assert send_request_view(request, totals)["totals"] == totals
    assert send_request_view(replace(request, cancelled=True), totals)["state"] == "cancelled"


def test_a_request_shows_its_sender_what_they_wrote_and_no_number() -> None:
    """R36: totals are what a sender sees of the recipients."""
    written = f"{'x' * 80}Votre enfant est absent"
    request = Sending().accepted(phone(0), text=written)
    assert send_request_view(request, {"queued": 1})["text"] == written
    shown = str([send_request_view(request, {"queued": 1}), accepted_view(request, [])])
    assert phone(0) not in shown
    assert "author" not in shown


def test_managers_see_the_text_and_the_author_of_a_request() -> None:
    """R36."""
    request = Sending().accepted(text="Votre enfant est absent")
    view = send_request_view(request, {"queued": 1}, manages=True)
    assert (view["text"], view["author"]) == (request.text, request.author_name)
    assert view["author_id"] == request.author


def test_a_message_of_the_history_is_the_contract_s() -> None:
    message = Message("R1-0", "R1", "Bonjour", phone(0), 1, "queued", "lea@lycee.test", NOW, None, author_id="user-2")
    assert message_view(message) == {
        "message_id": "R1-0",
        "request_id": "R1",
        "text": "Bonjour",
        "phone": phone(0),
        "sms_count": 1,
        "status": "queued",
        "status_text": "En attente d’envoi",
        "reason": None,
        "author": "lea@lycee.test",
        "author_id": "user-2",
        "client_id": None,
        "accepted_at": "2026-11-23T09:00:00.000Z",
        "send_at": None,
        "final_at": None,
    }


@pytest.mark.parametrize("at", [DEADLINE, DEADLINE.astimezone(IN_NOUMEA)])
def test_instants_are_in_utc_whatever_clock_they_were_read_on(at: datetime) -> None:
    entry = Entry("credit:A", UAI, 1, at, "credit", 1, 1, Cause("order", "A"))
    assert entry_view(entry)["at"] == "2026-11-24T09:00:00.000Z"


def test_a_list_tells_where_it_goes_on() -> None:
    assert slice_view(Slice([1, 2], "next"), lambda number: {"n": number}) == {
        "items": [{"n": 1}, {"n": 2}],
        "next_cursor": seal("next"),
    }
    assert slice_view(Slice([]), lambda each: {"n": each}) == {"items": [], "next_cursor": None}


def test_managers_see_of_a_review_what_is_missing_and_never_what_is_doubted() -> None:
    reasons = (Reason("form-altered", "page ajoutée"), Reason("signature-missing"))
    shown = managers_order_view(order(state="review", reasons=reasons))
    assert [each["code"] for each in shown["reasons"]] == ["signature-missing"]
    assert "refuser" not in str(shown)


def test_a_reason_names_a_pack_as_the_form_does() -> None:
    shown = order_view(order(reasons=(Reason("quantity-invalid", "qty_P1000"),)))
    assert [each["detail"] for each in shown["reasons"]] == [
        "valeur incorrecte dans le champ « quantité de packs de 1 000 SMS »"
    ]


def test_a_decision_names_who_decided() -> None:
    by = Decision("reject", "operator-7", NOW, "Doublon", "ana@kosmos.test")
    decided = order_view(order(decision=by))["decision"]
    assert decided is not None
    assert (decided["by"], decided["by_email"]) == ("operator-7", "ana@kosmos.test")


def test_a_decision_of_a_token_without_an_address_names_the_sub_alone() -> None:
    decided = order_view(order(decision=Decision("reject", "operator-7", NOW, "Doublon")))["decision"]
    assert decided is not None
    assert (decided["by"], decided["by_email"]) == ("operator-7", None)
