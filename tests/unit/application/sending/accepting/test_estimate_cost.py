"""An estimate sorts and counts as acceptance does, and touches nothing (R14, R21-R24)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from schoolsms.application.sending.accepting.accept_send_request import SendCommand
from schoolsms.application.sending.accepting.estimate_cost import EstimateCommand, EstimateCost
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.schools.access import Forbidden
from schoolsms.domain.schools.school_years import Calendar
from schoolsms.domain.sending.estimates import Estimate
from schoolsms.domain.sending.recipients import Recipient
from schoolsms.domain.sending.templates import StoredTemplate, TemplateNamed
from tests.fakes.core import FakeHolidays
from tests.fakes.sending.templates import FakeTemplates
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, SCHOOL, STRANGER, UAI
from tests.support.sending import Sending, phone

PEOPLE = [
    Recipient(phone(0), {"prenom": "Léa"}),
    Recipient(phone(1), {"prenom": "Anaïs" + "a" * 70, "classe": "6e"}),
    Recipient(phone(1), {"prenom": "Anaïs" + "a" * 70, "classe": "5e"}),
    Recipient("01 40 00 00 00", {"prenom": "Léa"}),
    Recipient(phone(2), {"prenom": "Noé"}),
    Recipient(phone(3)),
    Recipient("06 39 98 00 01", {"prenom": "Max"}),
]
TEXT = "Bonjour ((Prénom))"
HOLIDAYS = FakeHolidays({date(2026, 12, 25): "Noël"})


@pytest.fixture
def sending() -> Sending:
    sending = Sending()
    sending.consents.withdrawn.add(phone(2))
    return sending


def estimating(sending: Sending, *templates: StoredTemplate) -> EstimateCost:
    known = FakeTemplates(UAI, *templates)
    return EstimateCost(sending.schools, sending.consents, known, sending.lists, HOLIDAYS, sending.clock)


def estimate(sending: Sending, command: EstimateCommand) -> Estimate:
    return estimating(sending).estimate(A_SENDER, command)[0]


def test_what_was_estimated_is_what_is_accepted_and_debited(sending: Sending) -> None:
    estimated = estimate(sending, EstimateCommand(TEXT, PEOPLE))
    assert sending.balance() == 100

    outcome = sending.accept(SendCommand(TEXT, PEOPLE))

    assert estimated.cost_sms == outcome.request.cost_sms == 3
    assert 100 - sending.balance() == 3
    assert estimated.per_recipient is not None
    assert [(each.index, each.refused) for each in estimated.per_recipient if each.refused] == [
        (2, "duplicate"),
        (3, "not-a-mobile"),
        (4, "no-consent"),
        (5, "missing-variable"),
    ]
    assert [(each.index, each.code) for each in outcome.refusals] == [
        (each.index, each.refused) for each in estimated.per_recipient if each.refused
    ]


def test_estimating_leaves_everything_as_it_was(sending: Sending) -> None:
    estimate(sending, EstimateCommand(TEXT, PEOPLE))

    assert (sending.requests.known, sending.requests.pages) == ({}, {})
    assert sending.ledger.of_kind(UAI, "debit") == []


def test_variables_nobody_asked_for_are_a_warning(sending: Sending) -> None:
    _, unknown = estimating(sending).estimate(A_SENDER, EstimateCommand(TEXT, PEOPLE))

    assert [(each.name, each.recipients) for each in unknown] == [("classe", 2)]
    assert "« classe »" in unknown[0].detail


def test_a_template_is_estimated_with_its_text(sending: Sending) -> None:
    asked = estimating(sending, StoredTemplate("Accueil", TEXT, NOW))

    by_name, _ = asked.estimate(A_SENDER, EstimateCommand(TemplateNamed("ACCUEIL"), PEOPLE))

    assert by_name == asked.estimate(A_SENDER, EstimateCommand(TEXT, PEOPLE))[0]
    with pytest.raises(RefusedError) as refused:
        asked.estimate(A_SENDER, EstimateCommand(TemplateNamed("Autre")))
    assert refused.value.code == "template-not-found"


def test_an_uploaded_list_is_estimated_by_row_and_may_be_sent_afterwards(sending: Sending) -> None:
    csv = "prénom;portable\nLéa;0612000000\n\nTom;01 40 00 00 00\nNoé;612000001\n"
    command = EstimateCommand(TEXT, recipient_list=sending.lists.put(UAI, csv.encode()))

    estimated = estimate(sending, command)

    assert estimated.cost_sms == 2
    assert estimated.per_recipient is not None
    assert [(each.row, each.refused) for each in estimated.per_recipient] == [(2, None), (4, "not-a-mobile"), (5, None)]
    assert estimate(sending, command) == estimated
    with pytest.raises(NotFoundError) as missing:
        estimate(sending, EstimateCommand(TEXT, recipient_list="LISTAAAAAAAAAB"))
    assert missing.value.code == "list-not-found"


@pytest.mark.parametrize("state", ["suspended", "terminated"])
def test_a_closed_school_may_still_ask(sending: Sending, state: str) -> None:
    sending.suspend(state)

    assert estimate(sending, EstimateCommand(TEXT, PEOPLE)).cost_sms == 3


def test_managers_may_ask_and_strangers_not(sending: Sending) -> None:
    asked, command = estimating(sending), EstimateCommand("Bonjour")

    assert asked.estimate(A_MANAGER, command)[0].counted.sms_count == 1
    with pytest.raises(Forbidden):
        asked.estimate(OPERATOR, command)
    with pytest.raises(NotFoundError):
        asked.estimate(STRANGER, command)
    with pytest.raises(Forbidden):
        asked.estimate(replace(A_SENDER, client_id="app"), command)


def test_the_multipliers_of_the_school_count(sending: Sending) -> None:
    """R22, R23: abroad only what it accepted."""
    people = [Recipient("+32 470 12 34 56"), Recipient(phone(0))]
    before = estimate(sending, EstimateCommand("Bonjour", people))
    sending.schools.known[UAI] = SCHOOL.authorised("FR", {"BE": 3}).accepting(None)
    after = estimate(sending, EstimateCommand("Bonjour", people))

    assert (before.cost_sms, after.cost_sms) == (1, 4)
    assert before.per_recipient is not None
    assert before.per_recipient[0].refused == "country-not-authorised"


@pytest.mark.parametrize(
    ("calendar", "send_at", "why"),
    [
        ("metropole", datetime.fromisoformat("2026-11-24T20:59"), None),
        ("metropole", datetime.fromisoformat("2026-11-24T21:00"), "nuit"),
        ("metropole", datetime.fromisoformat("2026-11-29T10:00"), "dimanche"),
        ("metropole", datetime.fromisoformat("2026-12-25T10:00"), "Noël"),
        ("metropole", datetime(2026, 11, 24, 9, tzinfo=UTC), None),
        ("nouvelle-caledonie", datetime(2026, 11, 24, 10, tzinfo=UTC), "nuit"),  # 21 h in Nouméa
        ("nouvelle-caledonie", datetime.fromisoformat("2026-11-24T10:00"), None),
    ],
)
def test_an_unusual_hour_of_the_school_s_own_clock_is_warned_of(
    sending: Sending, calendar: Calendar, send_at: datetime, why: str | None
) -> None:
    sending.schools.known[UAI] = replace(SCHOOL, calendar=calendar)
    for recipients in (None, [Recipient(phone(0), {"prenom": "Léa"})]):
        _, warned = estimating(sending).estimate(A_SENDER, EstimateCommand(TEXT, recipients, send_at=send_at))
        assert [each.code for each in warned] == (["unusual-hour"] if why else [])
        assert all(why in each.detail for each in warned if why)


def test_without_a_time_to_send_at_no_hour_is_warned_of(sending: Sending) -> None:
    assert estimating(sending).estimate(A_SENDER, EstimateCommand(TEXT))[1] == ()


def test_a_time_at_which_nothing_could_be_sent_is_refused_as_acceptance_refuses_it(sending: Sending) -> None:
    with pytest.raises(RefusedError) as refused:
        estimate(sending, EstimateCommand(TEXT, send_at=NOW))
    assert refused.value.code == "invalid-send-at"


def test_a_school_that_may_not_send_reads_so_in_its_estimates(sending: Sending) -> None:
    sending.suspend("suspended")
    for recipients in (None, PEOPLE[:1]):
        _, warned = estimating(sending).estimate(A_SENDER, EstimateCommand(TEXT, recipients))
        assert [each.code for each in warned] == ["school-suspended"]
        assert "Contactez Kosmos" in warned[0].detail
