"""A French spreadsheet opens an export correctly (R36)."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from schoolsms.application.consents.consents_csv import EVENTS
from schoolsms.application.consents.consents_csv import HEADINGS as CONSENT_HEADINGS
from schoolsms.application.history.history_csv import HEADINGS, heading, rows
from schoolsms.domain.french import MESSAGE_STATUSES
from schoolsms.domain.history.history_messages import Message
from schoolsms.domain.schools.support_contact import SupportContact
from schoolsms.domain.sending.delivering.failure_reasons import FailureReason, failure_of
from schoolsms.domain.sending.delivering.statuses import RELEASED, Status
from schoolsms.domain.sending.delivering.statuses import STATUSES as EVERY_STATUS
from schoolsms.domain.texts.files.spreadsheets import plain_cell
from schoolsms.domain.texts.files.written_csv import cell
from tests.support.mails.printed_signs import unprinted

PARIS = timezone(timedelta(hours=1))
MESSAGE = Message(
    id="REQUESTAAAAAAA-0",
    request_id="REQUESTAAAAAAA",
    text="Sortie reportée",
    phone="+33612345650",
    sms_count=1,
    status="delivered",
    author="lea.petit@lycee.test",
    accepted_at=datetime(2026, 11, 23, 23, 30, tzinfo=UTC),
    final_at=datetime(2026, 11, 23, 23, 30, 4, tzinfo=UTC),
)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_file_is_what_excel_in_french_opens_by_itself() -> None:
    content = heading() + rows([MESSAGE], PARIS)

    assert content.startswith("\ufeffAccepté le;Numéro;Message;".encode())
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == 2
    assert content.count("\ufeff".encode()) == 1


def test_each_cell_of_a_line_has_its_heading() -> None:
    headings, line = read(heading() + rows([MESSAGE], PARIS))
    assert headings == list(HEADINGS)
    assert len(line) == len(headings)


def test_a_line_has_all_of_a_message_with_dates_where_the_school_is() -> None:
    assert read(rows([MESSAGE], PARIS)) == [
        [
            "24/11/2026 00:30:00",
            "'+33612345650",
            "Sortie reportée",
            "1",
            "Reçu",
            "24/11/2026 00:30:04",
            "lea.petit@lycee.test",
            "REQUESTAAAAAAA-0",
            "REQUESTAAAAAAA",
            "",
            "",
            "",
        ],
    ]


def test_the_machine_client_stands_beside_the_author() -> None:
    """R26, R28."""
    (row,) = read(rows([replace(MESSAGE, client_id="pronote")], PARIS))
    assert (row[HEADINGS.index("Auteur")], row[HEADINGS.index("Application")]) == ("lea.petit@lycee.test", "pronote")


def test_a_message_that_did_not_arrive_says_why_and_what_to_do() -> None:
    """§5."""
    failure = FailureReason("wrong-number", "Numéro incorrect", "Vérifiez le numéro.")
    ((*_, why, what),) = read(rows([replace(MESSAGE, status="undeliverable", failure=failure)], PARIS))
    assert (why, what) == ("Numéro incorrect", "Vérifiez le numéro.")


def test_what_is_not_final_or_was_erased_leaves_its_cells_empty() -> None:
    """R45."""
    ((_, phone, text, *_, final, _, _, _, _, _, _),) = read(
        rows([replace(MESSAGE, phone=None, text=None, final_at=None)], PARIS)
    )
    assert (phone, text, final) == ("", "", "")


@pytest.mark.parametrize("text", ['Dit : "non" ; puis\r\noui', "a;b", "é\u2028è", "🚌", "ligne\nligne", '"'])
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert read(rows([replace(MESSAGE, text=text)] * 2, PARIS))[1][2] == text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+33",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u00a0=1",
        "＝1",
        "\ufeff=1",
        "\u200b +1",
        '=HYPERLINK("http://x";"y")',
    ],
)
def test_nothing_is_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Bonjour", "1+1=2", "a@b", "", " ", " a", "\ufeffa", "'déjà"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


def test_a_number_keeps_all_its_digits_and_our_own_imports_read_it() -> None:
    """Not 3,36E+10."""
    assert plain_cell(cell("+33612345650")) == "+33612345650"


@pytest.mark.parametrize("status", EVERY_STATUS)
def test_what_went_back_to_the_stock_is_counted_as_nothing(status: Status) -> None:
    """R18: the file sums to the ledger."""
    (row,) = read(rows([replace(MESSAGE, status=status, sms_count=3)], PARIS))
    assert (row[3], row[4]) == ("0" if status in RELEASED else "3", MESSAGE_STATUSES[status])


def test_a_line_that_says_to_ask_kosmos_says_how() -> None:
    """R51."""
    stopped = replace(MESSAGE, status="failed", failure=failure_of("failed"))
    (line,) = read(rows([stopped], PARIS, SupportContact("aide@kosmos.test")))
    assert line[11].endswith("contactez Kosmos (aide@kosmos.test).")


def test_headings_and_words_carry_the_signs_of_print() -> None:
    everything = [*HEADINGS, *MESSAGE_STATUSES.values(), *CONSENT_HEADINGS, *EVENTS.values()]
    assert [each for text in everything for each in unprinted(text)] == []
