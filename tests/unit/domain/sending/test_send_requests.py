from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest

from schoolsms.domain.sending.delivering.statuses import Status
from schoolsms.domain.sending.send_requests import (
    PAGE_SIZE,
    Line,
    MessageState,
    SendRequest,
    id_of,
    listed_state,
    paged,
    totals,
)
from tests.support.builders import NOW

REQUEST = SendRequest(
    id="AAAAAAAAAAAAAA",
    school="0750655E",
    school_year="2026-27",
    purge_at=NOW + timedelta(days=300),
    author="user-1",
    author_name="x@lycee.test",
    text="Bonjour",
    accepted=120,
    refused=0,
    cost_sms=120,
    sender=None,
    accepted_at=NOW,
    due_at=NOW,
    expires_at=NOW + timedelta(hours=72),
    body_digest="digest",
    attempt="attempt",
)


def lines(count: int) -> list[Line]:
    return [Line(index, f"+3361200{index:04d}", "Bonjour", "gsm", 1, 1, False) for index in range(count)]


@pytest.mark.parametrize(("accepted", "pages"), [(0, 0), (1, 1), (50, 1), (51, 2), (100, 2), (10_000, 200)])
def test_a_request_has_as_many_pages_as_its_lines_fill(accepted: int, pages: int) -> None:
    assert replace(REQUEST, accepted=accepted).pages == pages
    assert len(paged(lines(min(accepted, 500)))) == replace(REQUEST, accepted=min(accepted, 500)).pages


def test_pages_hold_every_line_once_and_in_order() -> None:
    all_lines = lines(120)
    pages = paged(all_lines)
    assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 20]
    assert [line for page in pages for line in page] == all_lines


def test_requests_sort_by_acceptance_whatever_its_time_zone() -> None:
    later_elsewhere = replace(
        REQUEST, accepted_at=(NOW + timedelta(milliseconds=1)).astimezone(timezone(timedelta(hours=-10)))
    )
    assert REQUEST.order_key < later_elsewhere.order_key
    assert REQUEST.order_key == "2026-11-23T09:00:00.000000#AAAAAAAAAAAAAA"


def test_requests_of_one_instant_are_each_apart() -> None:
    assert REQUEST.order_key != replace(REQUEST, id="BBBBBBBBBBBBBB").order_key


def test_a_message_is_named_by_its_request_and_its_index_as_posted() -> None:
    assert id_of(REQUEST, lines(8)[7]) == "AAAAAAAAAAAAAA-7"


def test_totals_count_every_message() -> None:
    """R35: a claim is still queued to people, and so is what has no record."""
    states = [MessageState(0, "claimed"), MessageState(1, "sent"), MessageState(2, "sent"), MessageState(3, "failed")]
    assert totals(6, states) == {"queued": 3, "sent": 2, "failed": 1}
    assert totals(4, states) == {"queued": 1, "sent": 2, "failed": 1}
    assert totals(0, []) == {}


def test_what_a_cancelled_request_never_began_is_cancelled() -> None:
    assert totals(3, [], cancelled=True) == {"cancelled": 3}


LATER = {"due_at": NOW + timedelta(hours=2)}


@pytest.mark.parametrize(
    ("changes", "counts", "hours", "state"),
    [
        ({}, {"delivered": 119, "failed": 1}, 1, "finished"),
        ({}, {"delivered": 119, "sent": 1}, 1, "accepted"),
        ({}, None, 1, "accepted"),
        ({}, {"sent": 120}, 72, "finished"),
        (LATER, None, 1, "scheduled"),
        (LATER | {"started": True}, {"queued": 120}, 1, "accepted"),
        (LATER | {"cancelled": True}, None, 1, "cancelled"),
    ],
)
def test_a_request_is_finished_once_none_of_its_messages_can_change(
    changes: dict[str, Any], counts: dict[Status, int] | None, hours: int, state: str
) -> None:
    assert listed_state(replace(REQUEST, **changes), counts, NOW + timedelta(hours=hours)) == state
