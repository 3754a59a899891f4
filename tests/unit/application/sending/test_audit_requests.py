"""Requests and their messages are held against the ledger, and what differs is named (R16, R18, R29, R30)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.sending.audit_requests import AuditRequests
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.sending.send_requests import MessageState, SendRequest
from tests.support.builders import NOW, ORDER_ID, OTHER_UAI, UAI
from tests.support.worlds.audit_world import AuditWorld

CREDIT = f"credit:{ORDER_ID}"
DAY = timedelta(days=1)


@pytest.fixture
def world() -> AuditWorld:
    return AuditWorld.lived()


def requests_of(world: AuditWorld) -> list[SendRequest]:
    return list(world.requests.known.values())


def test_a_debit_without_its_request_is_named(world: AuditWorld) -> None:
    request = requests_of(world)[0]
    del world.requests.known[request.id]
    assert world.findings() == {("debit-without-request", f"debit:{request.id}")}


def test_what_a_purge_took_is_not_missed_and_what_was_debited_since_is(world: AuditWorld) -> None:
    old, new = requests_of(world)[0], None
    world.audited.purged = world.clock.now()
    world.clock.advance(DAY)
    new = world.asked(1)
    del world.requests.known[old.id], world.requests.known[new.id]
    assert world.findings() == {("debit-without-request", f"debit:{new.id}")}


def test_a_request_without_its_debit_is_named(world: AuditWorld) -> None:
    stranger = replace(requests_of(world)[0], id="AAAAAAAAAAAAAA")
    lines = world.requests.all_lines(requests_of(world)[0])
    world.requests.write_pages(stranger, lines)
    world.requests.known[stranger.id] = stranger
    assert world.findings() == {("request-without-debit", stranger.id)}


def test_a_request_of_another_school_is_named(world: AuditWorld) -> None:
    request = requests_of(world)[0]
    world.requests.known[request.id] = replace(request, school=OTHER_UAI)
    assert ("debit-of-another-school", f"debit:{request.id}") in world.findings()


def test_a_cost_that_was_changed_is_named_by_debit_and_pages(world: AuditWorld) -> None:
    request = requests_of(world)[0]
    world.requests.known[request.id] = replace(request, cost_sms=2)
    assert world.findings() == {("debit-differs", f"debit:{request.id}"), ("pages-differ", request.id)}


def test_a_page_that_is_missing_is_named(world: AuditWorld) -> None:
    request = world.asked(120)
    del world.requests.pages[request.id, request.attempt, 1]
    assert world.findings() == {("page-missing", f"{request.id}/1")}


def test_a_request_that_a_purge_is_taking_is_not_looked_into(world: AuditWorld) -> None:
    request = world.asked(120)
    del world.requests.pages[request.id, request.attempt, 1]
    world.audited.began.add(request.school_year)
    assert world.findings() == set()


def test_a_message_that_no_page_names_is_named(world: AuditWorld) -> None:
    request = requests_of(world)[0]
    world.requests.records[request.id, 7] = MessageState(7, "sent")
    assert world.findings() == {("message-unknown", f"{request.id}-7")}


# ------------------------------------------------------------------ releases against messages


def test_a_message_that_is_released_twice_is_named(world: AuditWorld) -> None:
    """Once by itself, once with others: two ids, so that no condition of the ledger stops it."""
    refused = requests_of(world)[1]
    world.slip_in(ledger.release_page(refused.id, 0, 1, 1, NOW))
    twice = {f"release:{refused.id}-0..1", f"release:{refused.id}-0..2"}
    assert world.findings() == {("released-twice", entry_id) for entry_id in twice}


def test_a_release_of_a_message_that_was_delivered_is_named(world: AuditWorld) -> None:
    delivered = requests_of(world)[0]
    world.slip_in(ledger.release(f"{delivered.id}-2", 1, NOW))
    assert world.findings() == {("released-twice", f"release:{delivered.id}-2")}


def test_a_message_that_failed_and_never_came_back_is_named(world: AuditWorld) -> None:
    delivered = requests_of(world)[0]
    world.requests.records[delivered.id, 1] = MessageState(1, "failed")
    assert world.findings() == {("release-missing", f"{delivered.id}-1")}


def test_less_than_a_message_cost_is_named(world: AuditWorld) -> None:
    never = requests_of(world)[3]
    world.requests.records[never.id, 2] = MessageState(2, "delivered")
    assert world.findings() == {("released-twice", f"release:{never.id}-0..3")}


def test_a_cancelled_request_comes_back_whole_and_once(world: AuditWorld) -> None:
    cancelled, kept = requests_of(world)[2], world.asked(2, later=True)
    world.slip_in(ledger.release(f"{cancelled.id}-0", 1, NOW))
    world.requests.known[kept.id] = replace(kept, cancelled=True)
    assert world.findings() == {
        ("released-twice", f"release:{cancelled.id}-0"),
        ("release-missing", kept.id),
    }


def test_a_request_whose_messages_are_released_meanwhile_is_read_again(world: AuditWorld) -> None:
    under_way = world.asked(2)
    figures = world.audited.figures

    def and_one_is_released(request_id: str) -> Any:
        found = figures(request_id)
        if request_id == under_way.id and not world.requests.statuses(under_way.id):
            world.clock.time = under_way.expires_at
            world.expiring.expire(under_way.id)
        return found

    world.audited.figures = and_one_is_released  # type: ignore[method-assign]
    assert world.findings() == set()


def test_one_whose_messages_are_released_all_the_time_is_tried_another_night(world: AuditWorld) -> None:
    class Restless:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.audited, name)

        def entries(self, uai: str, request_id: str) -> Any:
            return object()

    with pytest.raises(TransientError):
        list(AuditRequests(world.schools, Restless()).of_school(UAI))
