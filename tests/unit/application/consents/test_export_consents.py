"""All proofs of consent in one file, withdrawals too, that a spreadsheet computes nothing of (§8, R44)."""

import csv
import io
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from schoolsms.application.consents import export_consents
from schoolsms.application.consents.export_consents import ExportConsents
from schoolsms.application.consents.import_consents import ImportConsents
from schoolsms.application.consents.keep_consents import KeepConsents
from schoolsms.domain.consents.consents import Collected
from schoolsms.domain.schools.access import Caller, Forbidden
from tests.fakes.consents.consents import FakeConsentRecords
from tests.fakes.core import FakeSchools, ManualClock
from tests.support.builders import A_MANAGER, A_SENDER, MANAGER, NOW, OPERATOR, OTHER_UAI, SCHOOL, STRANGER

PHONE, OTHER_PHONE = "+33612345678", "+33687654321"
GIVEN = Collected("J'accepte les SMS du lycée.", "2", "papier", "Secrétariat", datetime(2026, 9, 1, 8, tzinfo=UTC))


@dataclass
class Files:
    kept: list[tuple[str, bytes]] = field(default_factory=list)

    def keep(self, uai: str, content: bytes, content_type: str, filename: str) -> str:
        self.kept.append((uai, content))
        return f"https://files.test/{filename}"


class Office:
    """Two schools, and who keeps their consents."""

    def __init__(self) -> None:
        self.schools = FakeSchools(SCHOOL, replace(SCHOOL, uai=OTHER_UAI))
        self.records, self.clock, self.files = FakeConsentRecords(), ManualClock(NOW), Files()
        self.keep = KeepConsents(self.schools, self.records, self.clock)
        self.export = ExportConsents(self.schools, self.records, self.files)

    def file(self, caller: Caller = A_MANAGER) -> list[list[str]]:
        text = self.export.download(caller).content.decode()
        assert text.startswith("\ufeffTéléphone;Formulation;")
        assert text.endswith("\r\n")
        return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_the_file_has_wording_version_channel_who_when_and_withdrawals() -> None:
    office = Office()
    office.keep.put(A_MANAGER, PHONE, GIVEN)
    office.clock.advance(timedelta(days=1))
    office.keep.withdraw(A_MANAGER, PHONE)
    office.keep.put(A_MANAGER, OTHER_PHONE, GIVEN)

    heading, *rows = office.file()

    assert heading == [
        "Téléphone",
        "Formulation",
        "Version",
        "Canal",
        "Recueilli par",
        "Recueilli le",
        "Événement",
        "Enregistré le",
        "Enregistré par",
        "Consentement en vigueur",
    ]
    proof = ["J'accepte les SMS du lycée.", "2", "papier", "Secrétariat", "01/09/2026 10:00:00"]
    assert rows == [
        [f"'{PHONE}", *proof, "consentement", "23/11/2026 10:00:00", MANAGER, "non"],
        [f"'{PHONE}", "", "", "", "", "", "retrait", "24/11/2026 10:00:00", MANAGER, "non"],
        [f"'{OTHER_PHONE}", *proof, "consentement", "24/11/2026 10:00:00", MANAGER, "oui"],
    ]


def test_a_day_of_consent_is_written_as_a_day_and_an_hour_that_was_given_is_kept() -> None:
    """An export that is imported again is the same proof: the hour tells which of a STOP and a consent was later."""
    office = Office()
    office.keep.put(A_MANAGER, PHONE, replace(GIVEN, collected_at=date(2026, 9, 1)))
    office.keep.put(A_MANAGER, OTHER_PHONE, GIVEN)
    assert sorted(row[5] for row in office.file()[1:]) == ["01/09/2026", "01/09/2026 10:00:00"]
    assert (
        ImportConsents(office.schools, office.records, office.clock)
        .run(A_MANAGER, office.export.download(A_MANAGER).content)
        .unchanged
        == 2
    )


@pytest.mark.parametrize("written", ["=1+1", "+33", "-2", "@SUM(A1)", " =1", "\t=1", "＝1"])
def test_no_cell_is_a_formula(written: str) -> None:
    office = Office()
    office.keep.put(A_MANAGER, PHONE, replace(GIVEN, wording=written, channel=written, collected_by=written))
    (row,) = office.file()[1:]
    assert {row[1], row[3], row[4]} == {f"'{written}"}


def test_a_file_goes_on_page_after_page() -> None:
    office = Office()
    for number in range(120):
        office.keep.put(A_MANAGER, f"+336123456{number:03d}"[:12], GIVEN)
    assert len({row[0] for row in office.file()[1:]}) == len(office.records.known)


def test_what_was_exported_is_what_an_import_takes_back() -> None:
    """A school that comes back, or whose list was lost, has its proofs again."""
    office, other = Office(), Office()
    office.keep.put(A_MANAGER, PHONE, GIVEN)
    imported = ImportConsents(other.schools, other.records, other.clock)
    done = imported.run(A_MANAGER, office.export.download(A_MANAGER).content)
    assert (done.recorded, list(done.errors)) == (1, [])
    assert other.file()[1][:6] == office.file()[1][:6]


def test_another_schools_consents_are_in_no_file() -> None:
    """R2."""
    office = Office()
    office.keep.put(A_MANAGER, PHONE, GIVEN)
    assert office.file(STRANGER)[1:] == []


@pytest.mark.parametrize("caller", [A_SENDER, OPERATOR])
def test_only_managers_have_the_file(caller: Caller) -> None:
    with pytest.raises(Forbidden):
        Office().export.download(caller)


@pytest.mark.parametrize(
    "left", [SCHOOL.terminated(NOW), replace(SCHOOL, subscription_end=(NOW - timedelta(days=9)).date())]
)
def test_a_school_that_left_has_its_file_still(left: object) -> None:
    office = Office()
    office.keep.put(A_MANAGER, PHONE, GIVEN)
    office.schools.known[SCHOOL.uai] = left  # type: ignore[assignment]
    assert len(office.file()) == 2


def test_a_long_file_is_kept_for_download(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_consents, "INLINE_BYTES", 200)
    office = Office()
    office.keep.put(A_MANAGER, PHONE, GIVEN)
    found = office.export.download(A_MANAGER)
    assert (found.content, found.url) == (b"", "https://files.test/consentements-sms.csv")
    assert office.files.kept[0][0] == SCHOOL.uai
