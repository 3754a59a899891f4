"""The same message twice within ten minutes, the daily ceiling (R25), and what tells a body from another (R29)."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from schoolsms.application.sending.accepting.accept_send_request import NoRecipientLeft, SendCommand
from schoolsms.domain.errors import DailyLimitReached, InsufficientBalance
from schoolsms.domain.sending.recipients import Recipient
from tests.support.builders import A_MANAGER, A_SENDER, NOW, SCHOOL
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending, command, phone, phones
from tests.support.template import parameter

TEN_MINUTES = timedelta(minutes=10)


def unconfirmed(text: str = "Bonjour", *recipients: str, **more: Any) -> SendCommand:
    return replace(command(text, recipients or [phone(0)]), confirm_duplicates=False, **more)


def codes(left: pytest.ExceptionInfo[NoRecipientLeft]) -> list[str]:
    return [each.code for each in left.value.refusals]


def test_the_same_message_to_the_same_phone_within_ten_minutes_is_refused() -> None:
    sending = Sending()
    sending.accept(unconfirmed())
    sending.clock.advance(TEN_MINUTES - timedelta(milliseconds=1))
    with pytest.raises(NoRecipientLeft) as left:
        sending.accept(unconfirmed())
    assert codes(left) == ["duplicate"]
    assert "confirm_duplicates" in left.value.refusals[0].detail
    assert sending.balance() == 99


def test_after_ten_minutes_it_is_not() -> None:
    sending = Sending()
    sending.accept(unconfirmed())
    sending.clock.advance(TEN_MINUTES)
    sending.accept(unconfirmed())
    assert sending.balance() == 98


def test_the_same_reminder_may_be_scheduled_for_several_days_at_once() -> None:
    sending = Sending()
    for days in (1, 2):
        sending.accept(unconfirmed(send_at=sending.clock.now() + timedelta(days=days)))
    with pytest.raises(NoRecipientLeft) as left:
        sending.accept(unconfirmed(send_at=sending.clock.now() + timedelta(days=1, minutes=-5)))
    assert codes(left) == ["duplicate"]
    assert sending.balance() == 98


def test_a_confirmed_one_is_sent_and_is_itself_remembered() -> None:
    sending = Sending()
    sending.accept(unconfirmed())
    sending.accept(replace(unconfirmed(), confirm_duplicates=True))
    sending.clock.advance(TEN_MINUTES - timedelta(seconds=1))
    sending.accept(replace(unconfirmed(), confirm_duplicates=True))
    sending.clock.advance(timedelta(minutes=5))
    with pytest.raises(NoRecipientLeft):
        sending.accept(unconfirmed())
    assert sending.balance() == 97


def test_another_text_or_phone_or_school_is_another_message() -> None:
    sending = Sending()
    sending.accept(unconfirmed())
    sending.accept(unconfirmed("Bonsoir"))
    sending.accept(unconfirmed("Bonjour", phone(1)))
    assert sending.balance() == 97


def test_the_same_message_of_another_sender_of_the_school_is_a_duplicate() -> None:
    """Two secretaries with the same list."""
    sending = Sending()
    sending.accept(unconfirmed())
    with pytest.raises(NoRecipientLeft):
        sending.accept(unconfirmed(), caller=A_MANAGER)


def test_only_those_who_got_it_are_refused_and_the_others_are_paid_for() -> None:
    sending = Sending()
    sending.accept(unconfirmed("Bonjour", *phones(3)))
    outcome = sending.accept(unconfirmed("Bonjour", "12", *phones(5)))
    assert [(each.index, each.code) for each in outcome.refusals] == [
        (0, "invalid-number"),
        *((index, "duplicate") for index in (1, 2, 3)),
    ]
    assert [line.phone for line in sending.requests.all_lines(outcome.request)] == [phone(3), phone(4)]
    assert (outcome.request.accepted, outcome.request.refused, outcome.request.cost_sms) == (2, 4, 2)
    assert sending.balance() == 95


def test_what_each_one_reads_is_compared_not_how_it_was_written() -> None:
    sending = Sending()
    sending.accept(unconfirmed("Bonjour Léa"))
    command = SendCommand("Bonjour ((nom))", [Recipient(phone(0), {"nom": "Léa"}), Recipient(phone(0), {"nom": "Zoé"})])
    outcome = sending.accept(command)
    assert [(each.index, each.code) for each in outcome.refusals] == [(0, "duplicate")]
    assert outcome.request.accepted == 1


def test_a_retry_under_the_same_key_is_no_duplicate() -> None:
    """R29: it is the same request."""
    sending = Sending()
    first = sending.accept(unconfirmed(), key="k1")
    assert sending.accept(unconfirmed(), key="k1") == first


def test_a_retry_after_a_death_is_no_duplicate_of_what_was_never_accepted() -> None:
    """With or without a key: only what was debited counts."""
    for key in ("k1", None):
        sending = Sending()
        dying = replace(sending.accepting, requests=interrupted(sending.requests, before={"store_and_debit": dies}))
        with pytest.raises(Died):
            dying.accept(A_SENDER, unconfirmed(), key)
        sending.accept(unconfirmed(), key=key)
        assert sending.balance() == 99


def test_a_request_that_was_refused_makes_no_later_one_a_duplicate() -> None:
    sending = Sending(stock=0)
    with pytest.raises(InsufficientBalance):
        sending.accept(unconfirmed())
    sending.ledger.give(SCHOOL.uai, 1, NOW)
    sending.accept(unconfirmed())


def test_of_two_at_once_one_is_sent() -> None:
    sending = Sending()
    rival = interrupted(sending.requests, before={"store_and_debit": lambda: sending.accept(unconfirmed())})
    with pytest.raises(NoRecipientLeft) as left:
        replace(sending.accepting, requests=rival).accept(A_MANAGER, unconfirmed(), None)
    assert codes(left) == ["duplicate"]
    assert sending.balance() == 99


def test_scheduled_ones_count_by_when_they_were_accepted() -> None:
    """Twice the same for tomorrow is as much a slip of the hand."""
    sending = Sending()
    tomorrow = NOW + timedelta(days=1)
    request = sending.accept(unconfirmed(send_at=tomorrow)).request
    with pytest.raises(NoRecipientLeft):
        sending.accept(unconfirmed(send_at=tomorrow))
    sending.cancelling.cancel(A_SENDER, request.id)
    sending.accept(unconfirmed(send_at=tomorrow))
    assert sending.balance() == 99


# ------------------------------------------------------------------ what a text may not lead to


def test_recipients_of_a_shortened_address_or_a_premium_number_are_refused_with_the_reason() -> None:
    """R25: judged on what each one reads, so that a value is looked at like the text."""
    sending = Sending()
    values = ["https://college.test", "https://bit.ly/x", "le 0899 12 34 56"]
    command = SendCommand("Voir ((lien))", [Recipient(phone(n), {"lien": value}) for n, value in enumerate(values)])
    outcome = sending.accept(command)
    assert [(each.index, each.code) for each in outcome.refusals] == [
        (1, "forbidden-content"),
        (2, "forbidden-content"),
    ]
    assert "bit.ly" in outcome.refusals[0].detail
    assert "0899 12 34 56" in outcome.refusals[1].detail
    assert sending.balance() == 99


def test_an_address_put_together_of_text_and_value_is_seen() -> None:
    with pytest.raises(NoRecipientLeft) as left:
        Sending().accept(SendCommand("Voir bit.((lien))", [Recipient(phone(0), {"lien": "ly/x"})]))
    assert codes(left) == ["forbidden-content"]


# ------------------------------------------------------------------ the daily ceiling

LIMITED = replace(SCHOOL, daily_limit=10)


def test_a_school_sends_no_more_in_a_day_than_it_may() -> None:
    sending = Sending(LIMITED)
    sending.accept(command(recipients=phones(10)))
    with pytest.raises(DailyLimitReached) as refused:
        sending.accept()
    assert refused.value.code == "daily-limit-reached"
    assert (sending.balance(), len(sending.requests.known)) == (90, 1)


def test_the_day_is_the_school_s_own() -> None:
    """R25: 23 November ends at 23:00 UTC in Paris, and at 13:00 UTC in Nouméa."""
    sending = Sending(LIMITED)
    sending.accept(command(recipients=phones(10)))
    sending.clock.time = NOW.replace(hour=22, minute=59)
    with pytest.raises(DailyLimitReached):
        sending.accept()
    sending.clock.time = NOW.replace(hour=23)
    sending.accept()
    southern = Sending(replace(LIMITED, calendar="nouvelle-caledonie"))
    southern.accept(command(recipients=phones(10)))
    southern.clock.time = NOW.replace(hour=13)
    southern.accept()


def test_what_was_cancelled_stays_counted_on_its_day() -> None:
    sending = Sending(LIMITED)
    request = sending.accept(replace(command(recipients=phones(10)), send_at=NOW + timedelta(days=1))).request
    sending.cancelling.cancel(A_SENDER, request.id)
    assert sending.balance() == 100
    with pytest.raises(DailyLimitReached):
        sending.accept()


def test_a_school_without_a_limit_has_the_default_one() -> None:
    """R25."""
    sending = Sending(stock=100)
    sending.accepting = replace(sending.accepting, default_daily_limit=50)
    sending.accept(command(recipients=phones(50)))
    with pytest.raises(DailyLimitReached):
        sending.accept()
    assert sending.balance() == 50


def test_a_limit_of_its_own_may_be_above_the_default_one() -> None:
    sending = Sending(replace(SCHOOL, daily_limit=60))
    sending.accepting = replace(sending.accepting, default_daily_limit=50)
    sending.accept(command(recipients=phones(60)))
    assert sending.balance() == 40


def test_the_default_limit_is_ten_thousand_sms_a_day() -> None:
    assert int(str(parameter("DefaultDailyLimit"))) == 10_000


# ------------------------------------------------------------------ the digest of a body (R29, R45)


def test_the_digest_of_a_body_is_the_same_whichever_process_makes_it() -> None:
    """A retry may come after a deployment: what was written before it has to be found again."""
    request = Sending().accept(command(), key="k1").request
    assert request.body_digest == "6c9041922746381af406"


def test_nobody_without_the_key_can_try_numbers_until_a_digest_fits() -> None:
    digests = set()
    for key in ("key-of-the-phones", "a-guess", ""):
        sending = Sending()
        sending.accepting = replace(sending.accepting, key=partial(str, key))
        digests.add(sending.accept(command(), key="k1").request.body_digest)
    assert len(digests) == 3


def test_a_request_without_an_idempotency_key_has_no_digest() -> None:
    """Nothing could be compared with it, and it is made of every number and value."""
    assert Sending().accepted(phone(0)).body_digest == ""


def test_a_half_written_variable_costs_nothing_until_it_is_confirmed() -> None:
    sending = Sending()
    half = replace(unconfirmed("Bonjour {{prenom}}"), recipients=[Recipient(phone(0), {"prenom": "Zoé"})])
    with pytest.raises(NoRecipientLeft) as left:
        sending.accept(half)
    assert codes(left) == ["suspicious-placeholder"]
    assert "« {{prenom}} » (9e caractère)" in left.value.detail
    assert sending.balance() == 100

    sending.accept(replace(half, confirm_placeholders=True))
    assert sending.balance() == 99


def test_a_reason_common_to_all_recipients_is_the_reported_error() -> None:
    sending = Sending()
    with pytest.raises(NoRecipientLeft) as left:
        sending.accept(unconfirmed("a" * 765, phone(0), phone(1)))
    assert left.value.common_code == "too-long"
    assert "1 de trop" in left.value.detail
    with pytest.raises(NoRecipientLeft) as left:
        sending.accept(unconfirmed("a" * 765, phone(0), "12"))
    assert (left.value.common_code, left.value.detail) == (None, "Aucun destinataire ne peut recevoir ce message.")
