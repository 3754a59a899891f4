"""Why a parent got nothing: one call for a number and a day (R24, R35)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from schoolsms.application.history import trace_number
from schoolsms.application.history.trace_number import Trace, TraceNumber
from schoolsms.domain.consents.consents import ConsentRecord
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.schools.access import Forbidden
from tests.fakes.consents.consents import FakeConsentRecords
from tests.support.builders import A_MANAGER, A_SENDER, OPERATOR
from tests.support.sending import Sending, command, phone, phones

TODAY = date(2026, 11, 23)


def traced(sending: Sending, number: str = phone(0), day: date | None = TODAY, cursor: str | None = None) -> Trace:
    return TraceNumber(sending.reading, FakeConsentRecords()).trace(A_MANAGER, number, day, cursor)


def kinds(trace: Trace) -> list[list[str]]:
    return [[event.kind for event in life.events] for life in trace.lives]


def test_each_message_to_the_number_is_shown_with_its_life() -> None:
    sending = Sending()
    request = sending.accepted(*phones(3))
    sending.dispatch(request)
    sending.recording.record(sending.receipt(request, 1))
    assert kinds(traced(sending, phone(1))) == [["accepted", "handed-over", "receipt", "final"]]
    assert kinds(traced(sending, "06 12 00 00 02")) == [["accepted", "handed-over"]]


def test_a_number_that_was_refused_says_why() -> None:
    sending = Sending()
    sending.consents.withdrawn = {phone(1)}
    request = sending.accepted(*phones(2))
    trace = traced(sending, phone(1))
    assert trace.lives == []
    assert [(of.id, refusal.code) for of, refusal in trace.refusals] == [(request.id, "no-consent")]
    assert trace.record == ConsentRecord(phone(1))
    assert traced(sending, phone(0)).refusals == []


def test_other_days_are_left_out_but_what_was_due_on_the_day_is_not() -> None:
    sending = Sending()
    sending.accepted(text="Hier")
    sending.clock.advance(timedelta(minutes=1))
    due = sending.clock.now() + timedelta(days=2)
    sending.accept(replace(command("Prévu"), send_at=due))
    sending.clock.advance(timedelta(days=1))
    sending.accepted(text="Le lendemain")

    def texts(day: date | None) -> list[str | None]:
        return [life.message.text for life in traced(sending, day=day).lives]

    assert texts(TODAY) == ["Prévu", "Hier"]
    assert texts(TODAY + timedelta(days=1)) == ["Le lendemain"]
    assert texts(TODAY + timedelta(days=2)) == ["Prévu"]
    assert texts(TODAY - timedelta(days=1)) == []
    assert texts(None) == ["Le lendemain", "Prévu", "Hier"]


def test_a_call_reads_a_bounded_part_and_leads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_number, "MOST_SLICES", 1)
    sending = Sending()
    for number in range(45):
        sending.accepted(text=f"Message {number}")
        sending.clock.advance(timedelta(seconds=1))
    found, cursor = 0, None
    for _ in range(3):
        trace = traced(sending, cursor=cursor)
        found, cursor = found + len(trace.lives), trace.cursor
    assert (found, cursor) == (45, None)


@pytest.mark.parametrize(("number", "cursor"), [("12", None), (phone(0), "x")])
def test_what_is_no_number_or_no_cursor_is_refused(number: str, cursor: str | None) -> None:
    with pytest.raises(RefusedError):
        traced(Sending(), number, cursor=cursor)


@pytest.mark.parametrize("caller", [A_SENDER, OPERATOR])
def test_only_who_acts_as_a_manager_may(caller: object) -> None:
    """R36: the operator does once the look is recorded."""
    with pytest.raises(Forbidden):
        TraceNumber(Sending().reading, FakeConsentRecords()).trace(caller, phone(0), None, None)  # type: ignore[arg-type]
