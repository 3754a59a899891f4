"""A school in Nouvelle-Calédonie types six digits wherever it types a number (R24, R36, R44, R45)."""

from dataclasses import replace
from datetime import date

import pytest

from schoolsms.application.consents.exercise_rights import ExerciseRights
from schoolsms.application.consents.import_consents import ImportConsents
from schoolsms.application.consents.keep_consents import KeepConsents
from schoolsms.application.sending.accepting.estimate_cost import EstimateCommand, EstimateCost
from schoolsms.domain.consents.consents import Collected
from schoolsms.domain.history.history_messages import HistorySearch
from schoolsms.domain.schools.decisions.destinations import Destinations
from schoolsms.domain.schools.stock.ledger import credit
from schoolsms.domain.sending.recipients import Recipient
from tests.fakes.consents.consents import FakeConsentRecords, FakePhoneOccurrences
from tests.fakes.consents.replies import FakeIncomingReplies, FakeReplies
from tests.fakes.core import FakeHolidays
from tests.support.builders import A_MANAGER, NOW, SCHOOL
from tests.support.sending import Sending, command

NOUMEA = "9830002K"
THERE = Destinations("NC", {"NC": 1}, 1)
CLERK = replace(A_MANAGER, school=NOUMEA)
TYPED, E164 = "75 12 34", "+687751234"
OTHER_TYPED, OTHER_E164 = "76.12.34", "+687761234"
COLLECTED = Collected("J'accepte les SMS.", "1", "papier", "Secrétariat", date(2026, 11, 20))


@pytest.fixture
def line() -> Sending:
    """A school in Nouméa that may send to its own country, with 100 SMS; one parent consented."""
    there = replace(
        SCHOOL,
        uai=NOUMEA,
        country="NC",
        calendar="nouvelle-caledonie",
        destinations=THERE,
        accepted_destinations=THERE,
    )
    line = Sending(there, stock=0)
    line.ledger.post(NOUMEA, credit("BC1", 100, NOW))
    return line


@pytest.fixture
def store(line: Sending) -> FakeConsentRecords:
    store = FakeConsentRecords()
    KeepConsents(line.schools, store, line.clock).put(CLERK, TYPED, COLLECTED)
    line.accepting = replace(line.accepting, consents=store)
    return store


def test_consents_are_kept_imported_and_withdrawn(line: Sending, store: FakeConsentRecords) -> None:
    rows = "téléphone;formulation;version;canal;recueilli par;recueilli le\n76.12.34;Oui;1;papier;moi;20/11/2026\n"
    imported = ImportConsents(line.schools, store, line.clock).run(CLERK, rows.encode())

    assert (imported.recorded, imported.errors) == (1, [])
    assert store.granted(NOUMEA, [E164, OTHER_E164]) == {E164, OTHER_E164}
    KeepConsents(line.schools, store, line.clock).withdraw(CLERK, "761234")
    assert store.granted(NOUMEA, [E164, OTHER_E164]) == {E164}


def test_what_is_sent_there_is_estimated_and_found_again(line: Sending, store: FakeConsentRecords) -> None:
    asked = EstimateCommand("Bonjour", [Recipient(TYPED)])
    estimating = EstimateCost(line.schools, store, line.templates, line.lists, FakeHolidays(), line.clock)
    estimate, _ = estimating.estimate(CLERK, asked)
    outcome = line.accept(command(recipients=[TYPED, OTHER_TYPED]), caller=CLERK)

    assert estimate.cost_sms == outcome.request.cost_sms == 1
    assert [each.code for each in outcome.refusals] == ["no-consent"]
    for written in (TYPED, "751234", E164, "+687 75 12 34"):
        found = line.reading.history(CLERK, HistorySearch(phone=written), None).items
        assert [each.phone for each in found] == [E164], written


def test_rights_are_exercised_by_the_number_as_it_is_typed(line: Sending, store: FakeConsentRecords) -> None:
    rights = ExerciseRights(
        schools=line.schools,
        consents=store,
        requests=line.requests,
        history=FakePhoneOccurrences(line.requests),
        replies=FakeReplies(line.requests),
        incoming=FakeIncomingReplies(),
        files=[],
        clock=line.clock,
    )
    line.accept(command(recipients=[TYPED]), caller=CLERK)

    assert len(rights.show(CLERK, TYPED, None).messages) == 1
    assert rights.rectify(CLERK, TYPED, OTHER_TYPED).phone == OTHER_E164
    assert rights.erase(CLERK, TYPED, None).messages == 1
