"""Receipts count only when authentic, and the first final one wins (R33)."""

from collections.abc import Callable

import pytest

from local.players.client import Client, eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from tests.support.journeys.provider_side import (
    DELIVERED,
    FAILED,
    PENDING,
    UNHEARD_OF,
    call_receipt_url,
    provider_ids,
    publish_sms_event,
    receipt_secret,
    receipts_are_worked_off,
)

NewPhone = Callable[..., str]


@pytest.fixture
def waiting_message(supplied_school: SchoolPlayer, stack: Stack, new_phone: NewPhone) -> tuple[str, str, str]:
    """A message that was handed over and whose receipt does not come: its request, phone and provider's id."""
    phone = new_phone("02")
    request = supplied_school.send("Bonjour à tous.", [phone]).json["id"]
    eventually(lambda: supplied_school.statuses(request) == {phone: "sent"})
    [provider_id] = provider_ids(stack, phone)
    return request, phone, provider_id


def test_a_forged_receipt_is_not_found_and_changes_nothing(
    supplied_school: SchoolPlayer, stack: Stack, client: Client, waiting_message: tuple[str, str, str]
) -> None:
    request, phone, provider_id = waiting_message
    secret = receipt_secret(stack)
    for forged in ("guess", secret[:-1], secret + "x", secret.swapcase(), "%C3%A9"):
        assert call_receipt_url(client, forged, provider_id, DELIVERED).status == 404, forged
    assert call_receipt_url(client, secret, provider_id, DELIVERED, name="nobody").status == 404

    receipts_are_worked_off(stack)
    assert supplied_school.statuses(request) == {phone: "sent"}


def test_a_call_by_another_method_is_not_found_and_changes_nothing(
    supplied_school: SchoolPlayer, stack: Stack, client: Client, waiting_message: tuple[str, str, str]
) -> None:
    request, phone, provider_id = waiting_message
    path = f"/v1/receipts/ovh/{receipt_secret(stack)}?id={provider_id}&ptt=4&description=1"

    assert {client.call(method, path).status for method in ("PUT", "DELETE", "PATCH")} <= {404, 405}
    receipts_are_worked_off(stack)
    assert supplied_school.statuses(request) == {phone: "sent"}


def test_an_event_of_aws_counts_once_it_is_final(
    supplied_school: SchoolPlayer, stack: Stack, new_aws_phone: NewPhone
) -> None:
    """By the topic, in any order, more than once; unknown ones and unknown statuses change nothing."""
    phone = new_aws_phone("02")
    request = supplied_school.send("Bonjour à tous.", [phone]).json["id"]
    eventually(lambda: supplied_school.statuses(request) == {phone: "sent"})

    for message_id in ("unheard-of", f"{request}-0"):
        for status in ("SUCCESSFUL", "LOST", "UNREACHABLE", "DELIVERED", "UNREACHABLE", "PENDING"):
            publish_sms_event(stack, message_id, status, is_final=status != "PENDING")
            receipts_are_worked_off(stack)

    assert supplied_school.statuses(request) == {phone: "undeliverable"}
    assert supplied_school.balance() == 499


def test_an_event_of_aws_settles_no_message_of_another_provider(
    supplied_school: SchoolPlayer, stack: Stack, waiting_message: tuple[str, str, str]
) -> None:
    request, phone, _ = waiting_message

    publish_sms_event(stack, f"{request}-0", "DELIVERED", is_final=True)
    receipts_are_worked_off(stack)

    assert supplied_school.statuses(request) == {phone: "sent"}


def test_of_events_of_aws_in_any_order_the_first_final_one_wins(
    supplied_school: SchoolPlayer, stack: Stack, new_aws_phone: NewPhone
) -> None:
    """A handful of orders; `test_record_receipts_orders.py` has them all."""
    orders = {
        new_aws_phone("02"): order
        for order in (
            ("PENDING", "DELIVERED", "UNREACHABLE", "DELIVERED", "LOST"),
            ("UNREACHABLE", "LOST", "DELIVERED", "PENDING", "DELIVERED"),
            ("LOST", "UNREACHABLE", "DELIVERED", "DELIVERED", "PENDING"),
            ("DELIVERED", "DELIVERED", "PENDING", "UNREACHABLE", "LOST"),
            ("LOST", "PENDING", "DELIVERED", "LOST", "UNREACHABLE"),
        )
    }
    request = supplied_school.send("Bonjour à tous.", list(orders)).json["id"]
    eventually(lambda: supplied_school.statuses(request) == dict.fromkeys(orders, "sent"))

    for statuses in zip(*orders.values(), strict=True):
        for index, status in enumerate(statuses):
            publish_sms_event(stack, f"{request}-{index}", status, is_final=status != "PENDING")
        receipts_are_worked_off(stack)

    ends = ("delivered", "undeliverable", "undeliverable", "delivered", "delivered")
    assert supplied_school.statuses(request) == dict(zip(orders, ends, strict=True))
    assert [len(supplied_school.client.phone(phone)) for phone in orders] == [1] * len(orders)
    assert supplied_school.balance() == 500 - len(orders)


def test_the_first_final_receipt_wins_and_replays_change_nothing(
    supplied_school: SchoolPlayer, stack: Stack, client: Client, new_phone: NewPhone
) -> None:
    phone = new_phone("01")
    request = supplied_school.send("Bonjour à tous.", [phone]).json["id"]
    eventually(lambda: supplied_school.statuses(request) == {phone: "undeliverable"})
    [before] = supplied_school.history()

    [provider_id] = provider_ids(stack, phone)
    for news in (FAILED, DELIVERED, PENDING):
        assert 200 <= call_receipt_url(client, receipt_secret(stack), provider_id, news).status < 300
    of_another = call_receipt_url(client, receipt_secret(stack), provider_id, PENDING, name="simulated")
    assert 200 <= of_another.status < 300
    receipts_are_worked_off(stack)
    assert supplied_school.history() == [before]
    assert supplied_school.balance() == 499  # unreachable is consumed (R30)


@pytest.mark.parametrize(
    ("provider_id", "news"),
    [
        ("999999999", PENDING),
        ("not-a-number", PENDING),
        ("", PENDING),
        ("999999998", UNHEARD_OF),
        ("999999997", {}),
    ],
)
def test_an_authentic_receipt_of_nothing_known_is_answered_and_changes_nothing(
    stack: Stack, client: Client, provider_id: str, news: dict[str, str]
) -> None:
    """Not final: a final one is looked for in its provider's books for an hour, see `test_record_receipts`."""
    answer = call_receipt_url(client, receipt_secret(stack), provider_id, news)

    assert 200 <= answer.status < 300
    receipts_are_worked_off(stack)
