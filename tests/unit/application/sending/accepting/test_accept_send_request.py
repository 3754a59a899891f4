"""Permission to send, the cost, and a single debit. See `…_recipients.py` for refusals."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schoolsms.application.sending.accepting.accept_send_request import NoRecipientLeft, SendCommand
from schoolsms.domain.errors import ConflictError, InsufficientBalance, NotFoundError, RefusedError, SchoolClosed
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.schools import School
from schoolsms.domain.sending.recipients import Recipient
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, SCHOOL, STRANGER, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import WINDOW, Sending, command, phone, phones


def test_a_request_is_accepted_debited_once_and_stored() -> None:
    """R16, R22: one debit a request, whatever its size."""
    sending = Sending(stock=1_000)
    outcome = sending.accept(command("Bonjour", phones(120)))
    request = outcome.request
    assert (request.accepted, request.refused, request.cost_sms, outcome.refusals) == (120, 0, 120, [])
    assert sending.ledger.of_kind(UAI, "debit") == [(f"debit:{request.id}", -120)]
    assert sending.balance() == 880
    lines = sending.requests.all_lines(request)
    assert [line.phone for line in lines] == phones(120)
    assert {(line.text, line.coding, line.sms_count, line.cost_sms) for line in lines} == {("Bonjour", "gsm", 1, 1)}


def test_a_request_says_who_sent_it_and_until_when_it_may_be_delivered() -> None:
    """R26, R31: 72 hours run from acceptance."""
    request = Sending().accept().request
    assert (request.school, request.author, request.author_name) == (UAI, "user-2", "lea.petit@lycee.test")
    assert (request.accepted_at, request.due_at) == (NOW, NOW)
    assert request.expires_at == datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def test_a_request_is_purged_when_the_school_s_own_year_changes() -> None:
    """R37: 30 days, as the second net, after the pupils' return at midnight on the school's clock."""
    request = Sending().accept().request
    assert (request.school_year, request.purge_at) == ("2026-27", datetime(2027, 9, 30, 22, 0, tzinfo=UTC))
    southern = Sending(replace(SCHOOL, calendar="nouvelle-caledonie")).accept().request
    assert (southern.school_year, southern.purge_at) == ("2026", datetime(2027, 3, 16, 13, 0, tzinfo=UTC))


def test_a_request_of_the_last_day_of_the_year_outlives_its_own_delivery() -> None:
    """A record that vanished under a running delivery would be handed over a second time."""
    sending = Sending()
    sending.clock.time = datetime(2027, 8, 31, 21, 59, tzinfo=UTC)
    request = sending.accept().request
    assert request.purge_at == request.expires_at + timedelta(days=30)


def test_instants_are_kept_in_milliseconds_so_that_all_answers_agree() -> None:
    sending = Sending()
    sending.clock.time = NOW.replace(microsecond=123_987)
    request = sending.accept().request
    assert request.accepted_at.microsecond == 123_000
    assert request.expires_at == request.accepted_at + WINDOW


def test_the_sender_name_of_the_school_goes_along() -> None:
    assert Sending(replace(SCHOOL, sender_name="LyceeValery")).accept().request.sender == "LyceeValery"


# ------------------------------------------------------------------ who may (R1, R2, R27)


@pytest.mark.parametrize("caller", [A_SENDER, A_MANAGER])
def test_senders_and_managers_send(caller: Caller) -> None:
    assert Sending().accept(caller=caller).request.author == caller.subject


@pytest.mark.parametrize("caller", [OPERATOR, Caller("", "", "", frozenset()), replace(A_SENDER, school="")])
def test_nobody_else_sends(caller: Caller) -> None:
    """R2."""
    sending = Sending()
    with pytest.raises(Forbidden):
        sending.accept(caller=caller)
    assert sending.balance() == 100


def test_a_school_that_is_not_registered_does_not_send() -> None:
    with pytest.raises(NotFoundError):
        Sending().accept(caller=STRANGER)


@pytest.mark.parametrize(
    ("school", "code"),
    [
        (replace(SCHOOL, state="suspended"), "school-suspended"),
        (replace(SCHOOL, state="terminated"), "school-terminated"),
        (replace(SCHOOL, subscription_end=date(2026, 11, 22)), "subscription-ended"),
    ],
)
def test_a_closed_school_sends_nothing_and_is_debited_nothing(school: School, code: str) -> None:
    """R1, R17, R27."""
    sending = Sending(school)
    with pytest.raises(SchoolClosed) as refused:
        sending.accept()
    assert refused.value.code == code
    assert sending.balance() == 100
    assert sending.requests.known == {}


def test_credits_of_an_earlier_year_stay_usable_until_the_subscription_ends_though_no_contract_runs() -> None:
    """R17: §4 over §2. The school ordered in 2026-27 and not since."""
    sending = Sending(replace(SCHOOL, subscription_end=date(2027, 11, 30)), stock=2)
    sending.clock.time = datetime(2027, 9, 2, 9, tzinfo=UTC)
    assert sending.accept().request.school_year == "2027-28"
    sending.clock.time = datetime(2027, 11, 30, 22, 59, 59, tzinfo=UTC)
    assert sending.accepted(text="Encore un message.").accepted == 1
    sending.clock.time += timedelta(seconds=1)
    with pytest.raises(SchoolClosed):
        sending.accept()


# ------------------------------------------------------------------ what it costs (R16, R20, R22)


def test_the_cost_is_counted_for_each_recipient_after_substitution() -> None:
    """R20, R22: 160 septets are one SMS, 161 are two, a letter outside GSM-7 makes all of it UCS-2."""
    names = ["a" * 150, "a" * 151, "ê" * 61, ""]
    wanted = SendCommand(
        "Bonjour ((nom)).", [Recipient(phone(number), {"nom": name}) for number, name in enumerate(names)]
    )
    sending = Sending()
    request = sending.accept(wanted).request
    lines = sending.requests.all_lines(request)
    assert [(line.coding, line.sms_count) for line in lines] == [
        ("gsm", 1),  # 8 + 150 + 1 = 159 septets
        ("gsm", 1),  # 160
        ("unicode", 1),  # 70 units
        ("gsm", 1),
    ]
    assert request.cost_sms == 4
    more = replace(wanted, recipients=[Recipient(phone(0), {"nom": "a" * 152}), Recipient(phone(1), {"nom": "ê" * 62})])
    assert sending.accept(more).request.cost_sms == 4
    assert sending.balance() == 100 - 4 - 4


def test_test_numbers_cost_nothing_and_leave_no_entry() -> None:
    sending = Sending(stock=0)
    request = sending.accept(command(recipients=["0639980001", "06 39 98 00 09"])).request
    assert (request.accepted, request.cost_sms) == (2, 0)
    assert all(line.is_test and line.sms_count == 1 for line in sending.requests.all_lines(request))
    assert sending.ledger.of == {}


def test_test_numbers_beside_others_are_left_out_of_the_cost() -> None:
    assert Sending().accept(command(recipients=["0639980001", phone(1)])).request.cost_sms == 1


def test_a_request_may_take_the_last_sms() -> None:
    sending = Sending(stock=2)
    sending.accept(command(recipients=phones(2)))
    assert sending.balance() == 0


@pytest.mark.parametrize("stock", [0, 2])
def test_a_request_that_costs_more_than_the_stock_is_refused_whole(stock: int) -> None:
    """R16."""
    sending = Sending(stock=stock)
    with pytest.raises(InsufficientBalance):
        sending.accept(command(recipients=phones(3)))
    assert sending.balance() == stock
    assert sending.requests.known == {}


def test_two_requests_at_once_never_spend_the_same_sms() -> None:
    """R16: another request is debited between our look at the stock and our debit."""
    sending = Sending(stock=3)
    rival = interrupted(
        sending.requests, before={"store_and_debit": lambda: sending.accept(command(recipients=phones(2)))}
    )
    with pytest.raises(InsufficientBalance):
        replace(sending.accepting, requests=rival).accept(A_SENDER, command(recipients=phones(2)), None)
    assert sending.balance() == 1
    assert len(sending.requests.known) == 1


def test_nothing_is_debited_when_no_recipient_is_left() -> None:
    sending = Sending()
    with pytest.raises(NoRecipientLeft) as left:
        sending.accept(command(recipients=["0140000000", "12"]))
    assert [refusal.code for refusal in left.value.refusals] == ["not-a-mobile", "invalid-number"]
    assert sending.balance() == 100
    assert sending.requests.known == {}


# ------------------------------------------------------------------ once (R29)


def test_a_request_retried_under_its_key_is_the_same_request() -> None:
    """R29."""
    sending = Sending()
    first = sending.accept(command(recipients=[phone(0), "12"]), key="k1")
    sending.clock.advance(timedelta(minutes=5))
    again = sending.accept(command(recipients=[phone(0), "12"]), key="k1")
    assert again.request == first.request
    assert list(again.refusals) == list(first.refusals)
    assert sending.balance() == 99


def test_requests_without_key_are_each_their_own() -> None:
    sending = Sending()
    assert sending.accept().request.id != sending.accept().request.id
    assert sending.balance() == 98


@pytest.mark.parametrize(
    "other",
    [
        command("Bonsoir"),
        command(recipients=[phone(1)]),
        command(recipients=[phone(0), phone(1)]),
        command(encoding="unicode"),
        SendCommand("Bonjour", [Recipient(phone(0), {"nom": "Léa"})]),
    ],
)
def test_a_key_with_another_body_is_a_conflict(other: SendCommand) -> None:
    """R29."""
    sending = Sending()
    sending.accept(command(), key="k1")
    with pytest.raises(ConflictError) as conflict:
        sending.accept(other, key="k1")
    assert conflict.value.code == "idempotency-key-reused"
    assert sending.balance() == 99


def test_the_order_of_a_recipient_s_variables_makes_no_other_body() -> None:
    sending = Sending()
    ways = [{"a": "1", "b": "2"}, {"b": "2", "a": "1"}]
    ids = {sending.accept(SendCommand("((a))((b))", [Recipient(phone(0), way)]), key="k").request.id for way in ways}
    assert len(ids) == 1


def test_a_key_belongs_to_who_used_it() -> None:
    """R2: neither a colleague nor another school meets it."""
    sending = Sending()
    mine = sending.accept(key="k1").request
    theirs = sending.accept(key="k1", caller=A_MANAGER).request
    assert mine.id != theirs.id
    sending.schools.put(replace(SCHOOL, uai=STRANGER.school))
    sending.ledger.give(STRANGER.school, 1, NOW)
    namesake = replace(A_SENDER, school=STRANGER.school)
    assert sending.accept(key="k1", caller=namesake).request.id != mine.id


@pytest.mark.parametrize("stock", [1, 100])
def test_the_same_request_twice_at_once_is_debited_once(stock: int) -> None:
    """R16, R29: even when it takes the last SMS, its twin gets the same answer, not an empty stock."""
    sending = Sending(stock=stock)
    twins: list[Any] = []

    def twin() -> None:
        sending.clock.advance(timedelta(milliseconds=3))
        twins.append(sending.accept(key="k1"))

    at_once = interrupted(sending.requests, before={"store_and_debit": twin})
    outcome = replace(sending.accepting, requests=at_once).accept(A_SENDER, command(), "k1")
    assert outcome.request == twins[0].request
    assert sending.balance() == stock - 1


def test_two_bodies_under_one_key_at_once_keep_to_one() -> None:
    sending = Sending()
    at_once = interrupted(
        sending.requests, before={"store_and_debit": lambda: sending.accept(command("Bonsoir", phones(2)), key="k1")}
    )
    with pytest.raises(ConflictError):
        replace(sending.accepting, requests=at_once).accept(A_SENDER, command(), "k1")
    (stored,) = sending.requests.known.values()
    assert [line.text for line in sending.requests.all_lines(stored)] == ["Bonsoir", "Bonsoir"]
    assert sending.balance() == 98


def test_an_answer_that_was_lost_is_given_again_even_when_the_school_was_closed_since() -> None:
    sending = Sending()
    with pytest.raises(Died):
        replace(sending.accepting, requests=interrupted(sending.requests, after={"store_and_debit": dies})).accept(
            A_SENDER, command(), "k1"
        )
    assert sending.balance() == 99
    sending.suspend()
    assert sending.accept(key="k1").request.cost_sms == 1
    assert sending.balance() == 99


def test_a_refusal_leaves_the_key_free() -> None:
    sending = Sending(stock=0)
    with pytest.raises(RefusedError):
        sending.accept(key="k1")
    sending.ledger.give(UAI, 1, NOW)
    assert sending.accept(key="k1").request.cost_sms == 1


@pytest.mark.parametrize(("caller", "shown"), [(A_SENDER, False), (A_MANAGER, True)])
def test_a_sender_who_sends_too_much_does_not_learn_the_stock(caller: Caller, shown: bool) -> None:
    """R14."""
    sending = Sending(stock=37)
    with pytest.raises(InsufficientBalance) as refused:
        sending.accept(command(recipients=phones(40)), caller=caller)
    assert ("37" in refused.value.detail) is shown
