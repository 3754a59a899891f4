"""A request keeps its valid recipients and answers why the others are refused (R19-R24)."""

from dataclasses import replace

import pytest

from schoolsms.application.sending.accepting.accept_send_request import NoRecipientLeft, SendCommand
from schoolsms.domain.schools.decisions.destinations import Destinations
from schoolsms.domain.sending.recipients import Recipient
from schoolsms.domain.sending.send_requests import MAX_RECIPIENTS
from tests.support.builders import SCHOOL
from tests.support.sending import Sending, command, phone, phones


def refused_alone(wanted: SendCommand, sending: Sending | None = None) -> tuple[str, str]:
    """Code and detail of the only recipient's refusal."""
    with pytest.raises(NoRecipientLeft) as left:
        (sending or Sending()).accept(wanted)
    (refusal,) = left.value.refusals
    return refusal.code, refusal.detail


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "invalid-number"),
        ("06 12 34 56", "invalid-number"),
        ("01 40 00 00 00", "not-a-mobile"),
        ("+32 470 12 34 56", "country-not-authorised"),
    ],
)
def test_a_number_that_cannot_be_written_to_is_refused_as_it_was_typed(number: str, code: str) -> None:
    """R23."""
    sending = Sending()
    outcome = sending.accept(command(recipients=[phone(0), number]))
    (refusal,) = outcome.refusals
    assert (refusal.index, refusal.phone, refusal.code) == (1, number, code)
    assert refusal.detail
    assert outcome.request.cost_sms == 1


def test_a_number_written_twice_is_written_to_once() -> None:
    outcome = Sending().accept(command(recipients=["0612000000", "+33 6 12 00 00 00", "06.12.00.00.00"]))
    assert [(refusal.index, refusal.code) for refusal in outcome.refusals] == [(1, "duplicate"), (2, "duplicate")]
    assert outcome.request.cost_sms == 1


def test_lines_keep_the_index_of_the_list_that_was_posted() -> None:
    sending = Sending()
    outcome = sending.accept(command(recipients=["12", phone(0), "13", phone(1)]))
    assert [line.index for line in sending.requests.all_lines(outcome.request)] == [1, 3]
    assert [refusal.index for refusal in outcome.refusals] == [0, 2]
    assert outcome.request.refused == 2


def test_a_recipient_whose_consent_is_withdrawn_is_refused() -> None:
    """R24."""
    sending = Sending()
    sending.consents.withdrawn.add(phone(1))
    outcome = sending.accept(command(recipients=[phone(0), "06 12 00 00 01", "12", phone(2)]))
    assert [(refusal.index, refusal.code) for refusal in outcome.refusals] == [(1, "no-consent"), (2, "invalid-number")]
    assert outcome.refusals[0].phone == "06 12 00 00 01"
    assert outcome.request.cost_sms == 2


def test_a_missing_variable_refuses_that_recipient_and_names_it() -> None:
    """R19."""
    sending = Sending()
    people = [Recipient(phone(0), {"prenom": "Léa"}), Recipient(phone(1), {"nom": "Petit"})]
    outcome = sending.accept(SendCommand("Bonjour ((prénom))", people))
    (refusal,) = outcome.refusals
    assert (refusal.index, refusal.code) == (1, "missing-variable")
    assert "« prénom »" in refusal.detail
    assert [line.text for line in sending.requests.all_lines(outcome.request)] == ["Bonjour Léa"]


def test_a_value_that_looks_like_a_variable_stays_text() -> None:
    sending = Sending()
    outcome = sending.accept(SendCommand("((a))", [Recipient(phone(0), {"a": "((b))", "b": "secret"})]))
    assert sending.requests.all_lines(outcome.request)[0].text == "((b))"


@pytest.mark.parametrize(("length", "sms"), [(160, 1), (161, 2), (306, 2), (307, 3), (764, 5)])
def test_up_to_764_characters_are_accepted(length: int, sms: int) -> None:
    """R20."""
    assert Sending().accept(command("a" * length)).request.cost_sms == sms


@pytest.mark.parametrize("text", ["a" * 765, "€" * 383, "ê" * 336])
def test_a_longer_message_is_refused(text: str) -> None:
    """R20: 764 septets, an extension character being two, or 335 UTF-16 units."""
    assert refused_alone(command(text))[0] == "too-long"


def test_only_those_whose_rendering_is_too_long_are_refused() -> None:
    """R20: the limit applies after substitution."""
    people = [Recipient(phone(0), {"x": "a" * 764}), Recipient(phone(1), {"x": "a" * 765})]
    outcome = Sending().accept(SendCommand("((x))", people))
    assert [(refusal.index, refusal.code) for refusal in outcome.refusals] == [(1, "too-long")]
    assert outcome.request.cost_sms == 5


@pytest.mark.parametrize("text", [" ", "\n\n", "\u200b", "\u00a0", "Bon\x00jour", "\u202emoc.etad", "\ud800"])
def test_what_no_sms_carries_is_refused(text: str) -> None:
    assert refused_alone(command(text))[0] == "forbidden-content"


def test_a_rendering_of_nothing_is_refused() -> None:
    assert refused_alone(SendCommand("((x))", [Recipient(phone(0), {"x": " "})]))[0] == "forbidden-content"


@pytest.mark.parametrize(
    ("encoding", "sent", "coding"),
    [
        ("auto", "L’école… fête", "unicode"),
        ("gsm", "L'école... fete", "gsm"),
        ("unicode", "L’école… fête", "unicode"),
    ],
)
def test_the_encoding_asked_for_makes_the_text(encoding: str, sent: str, coding: str) -> None:
    """R20: `auto` never strips an accent, and plains signs only when that alone brings the text into GSM-7."""
    sending = Sending()
    request = sending.accept(command("L’école… fête", encoding=encoding)).request
    line = sending.requests.all_lines(request)[0]
    assert (line.text, line.coding) == (sent, coding)


def test_auto_spares_the_price_of_typographic_signs() -> None:
    sending = Sending()
    request = sending.accept(command("L’école « fermée » demain…")).request
    line = sending.requests.all_lines(request)[0]
    assert (line.text, line.coding) == ('L\'école " fermée " demain...', "gsm")
    assert request.text == line.text


def test_ten_thousand_recipients_are_one_request() -> None:
    sending = Sending(stock=MAX_RECIPIENTS)
    request = sending.accept(command(recipients=phones(MAX_RECIPIENTS))).request
    assert (request.accepted, request.pages, sending.balance()) == (10_000, 200, 0)


def test_a_country_is_written_to_once_the_school_accepted_it_and_costs_its_multiplier() -> None:
    """R22, R23."""
    belgian = "+32470123456"
    abroad = Destinations("FR", {"BE": 7}, 1)
    proposed = Sending(replace(SCHOOL, destinations=abroad))
    with pytest.raises(NoRecipientLeft):
        proposed.accept(command("Bonjour", [belgian]))
    agreed = Sending(replace(SCHOOL, destinations=abroad, accepted_destinations=abroad))
    accepted = agreed.accept(command("Bonjour", [belgian, phone(0)]))
    assert (accepted.request.cost_sms, agreed.balance()) == (8, 92)


def test_a_school_abroad_writes_to_nobody_before_it_accepted_its_sending_country() -> None:
    with pytest.raises(NoRecipientLeft) as left:
        Sending(replace(SCHOOL, country="BE")).accept(command())
    assert [refused.code for refused in left.value.refusals] == ["country-not-authorised"]
