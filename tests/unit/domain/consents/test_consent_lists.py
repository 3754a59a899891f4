"""Lists of consents as French spreadsheets save them (R44)."""

from datetime import UTC, date, datetime

import pytest

from schoolsms.domain.consents.consent_lists import MAX_ROWS, ListedConsent, RowError, parse_consents
from schoolsms.domain.errors import RefusedError

HEADINGS = "Téléphone;Formulation;Version;Canal;Recueilli par;Recueilli le"
ROW = "06 12 34 56 50;J'accepte.;1;papier;Secrétariat;20/11/2026"


def parsed(*lines: str, encoding: str = "utf-8-sig") -> list[ListedConsent | RowError]:
    return list(parse_consents("\r\n".join((HEADINGS, *lines)).encode(encoding)))


def one(line: str) -> ListedConsent | RowError:
    (found,) = parsed(line)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_row_is_a_number_and_its_proof_in_any_encoding(encoding: str) -> None:
    (found,) = parsed(ROW, encoding=encoding)

    assert isinstance(found, ListedConsent)
    assert (found.row, found.phone) == (2, "+33612345650")
    collected = found.collected
    assert (collected.wording, collected.version) == ("J'accepte.", "1")
    assert (collected.channel, collected.collected_by) == ("papier", "Secrétariat")
    assert collected.collected_at == date(2026, 11, 20)


def test_columns_may_stand_anywhere_and_be_headed_as_in_the_api() -> None:
    content = "collected_at,nom,phone,wording,version,channel,collected_by\n2026-11-20,Zoé,0612345650,Oui,1,web,Moi\n"
    (found,) = parse_consents(content.encode())

    assert isinstance(found, ListedConsent)
    assert found.phone == "+33612345650"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1/9/2026", date(2026, 9, 1)),
        ("20/11/2026 10:30", datetime(2026, 11, 20, 10, 30)),  # noqa: DTZ001
        ("20/11/2026 à 10h30", datetime(2026, 11, 20, 10, 30)),  # noqa: DTZ001
        ("20/11/2026\u00a0à 10 h 30", datetime(2026, 11, 20, 10, 30)),  # noqa: DTZ001
        ("20/11/26", date(2026, 11, 20)),  # LibreOffice's own
        ("20/11/26 10:30:15", datetime(2026, 11, 20, 10, 30, 15)),  # noqa: DTZ001
        ("20.11.2026", date(2026, 11, 20)),
        ("20-11-26", date(2026, 11, 20)),
        ("vendredi 20 novembre 2026", date(2026, 11, 20)),  # Excel's long date
        ("20-nov-26", date(2026, 11, 20)),
        ("1er août 2026", date(2026, 8, 1)),
        ("5 févr. 2026 8h", datetime(2026, 2, 5, 8)),  # noqa: DTZ001
        ("2026-11-20", date(2026, 11, 20)),
        ("2026-11-20T10:30:00Z", datetime(2026, 11, 20, 10, 30, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_french_people_write_them(written: str, read: date) -> None:
    found = one(ROW.replace("20/11/2026", written))

    assert isinstance(found, ListedConsent)
    assert found.collected.collected_at == read


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("01 23 45 67 89;J'accepte.;1;papier;Moi;20/11/2026", "not-a-mobile"),
        ("06 12;J'accepte.;1;papier;Moi;20/11/2026", "invalid-number"),
        ("06 12 34 56 50;;1;papier;Moi;20/11/2026", "missing-field"),
        ("06 12 34 56 50;J'accepte.;1;papier", "missing-field"),
        (f"06 12 34 56 50;{'x' * 1001};1;papier;Moi;20/11/2026", "invalid-field"),
        ("06 12 34 56 50;J'accepte.;1;papier;Moi;31/11/2026", "invalid-date"),
        ("06 12 34 56 50;J'accepte.;1;papier;Moi;hier", "invalid-date"),
        ("06 12 34 56 50;J'accepte.;1;papier;Moi;٢٠/١١/٢٠٢٦", "invalid-date"),
        ("06 12 34 56 50;J'accepte.;1;papier;Moi;", "invalid-date"),
        ("06 12 34 56 50;J'accepte.;1;papier;Moi;20-11/2026", "invalid-date"),
        ("06 12 34 56 50;J'accepte.;1;papier;Moi;20 ju 2026", "invalid-date"),
        ("06 12 34 56 50;J'accepte.;1;papier;Moi;20 jui 2026", "invalid-date"),  # juin or juillet
        ("06 12 34 56 50;J'accepte; les SMS;1;papier;Moi;20/11/2026", "invalid-field"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(line: str, code: str) -> None:
    found = one(line)

    assert isinstance(found, RowError)
    assert (found.row, found.code) == (2, code)


def test_a_country_code_in_a_column_of_its_own_is_part_of_the_number() -> None:
    for code, phone in (("41", "+41781234567"), ("33", "+33781234567"), ("", "+33781234567")):
        (found,) = parse_consents(f"Indicatif;{HEADINGS}\n{code};781234567;{ROW.partition(';')[2]}".encode())
        assert isinstance(found, ListedConsent)
        assert found.phone == phone


def test_a_wording_with_a_separator_is_not_recorded_in_part() -> None:
    content = "Portable;Recueilli le;Version;Canal;Recueilli par;Formulation\n0612345650;20/11/2026;1;web;Moi;Oui; sauf"
    (found,) = parse_consents(content.encode())
    assert isinstance(found, RowError)
    assert "plus de cases que de titres" in found.detail


@pytest.mark.parametrize(
    "headings",
    [
        "Portable;Texte du consentement;Version;Moyen;Recueilli par;Date du recueil",
        'Phone 1 - Value;"Formulation\nacceptée";Version;Canal;Collecté par;Date de collecte',
    ],
)
def test_columns_are_known_by_the_words_schools_use(headings: str) -> None:
    (found,) = parse_consents(f"{headings}\n{ROW}".encode())
    assert isinstance(found, ListedConsent)


def test_rows_are_numbered_as_the_spreadsheet_does() -> None:
    assert [each.row for each in parsed(ROW, "", "06;x", ROW)] == [2, 4, 5]


@pytest.mark.parametrize(
    "content", [b"", b"T\xc3\xa9l\n", HEADINGS.encode(), b"%PDF-1.7", b"telephone;version\n06;1\n"]
)
def test_what_is_no_list_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        parse_consents(content)
    assert refused.value.code == "invalid-list"


def test_a_list_without_the_headings_is_told_what_was_read_of_it() -> None:
    with pytest.raises(RefusedError) as refused:
        parse_consents("Nom;Prénom;Tel maman\nDupont;Zoé;0612345678\n".encode())
    assert "Il manque à la liste ces colonnes : « formulation », « version »" in refused.value.detail
    assert "Sa première ligne se lit : « Nom », « Prénom », « Tel maman »." in refused.value.detail


def test_a_list_is_no_longer_than_a_call_can_write() -> None:
    assert len(parsed(*[ROW] * MAX_ROWS)) == MAX_ROWS
    with pytest.raises(RefusedError):
        parsed(*[ROW] * (MAX_ROWS + 1))


def test_two_columns_that_may_both_be_meant_are_refused_and_named() -> None:
    content = (
        "Portable père;Portable mère;Formulation;Version;Canal;Recueilli par;Recueilli le\n06;07;a;1;b;c;20/11/2026"
    )
    with pytest.raises(RefusedError) as refused:
        parse_consents(content.encode())
    assert "« Portable père » et « Portable mère »" in refused.value.detail


def test_the_mobile_consents_where_a_telephone_is_beside_it() -> None:
    content = f"Téléphone de la mère;N° de portable;{HEADINGS.partition(';')[2]}\n0140000000;{ROW}"
    (found,) = parse_consents(content.encode("cp850"))
    assert isinstance(found, ListedConsent)
    assert (found.phone, found.collected.collected_by) == ("+33612345650", "Secrétariat")


@pytest.mark.parametrize("again", ["Version", "VERSION", "version ", "Vérsion"])
def test_two_columns_of_one_field_are_refused(again: str) -> None:
    """A proof of consent has one version: nobody can tell which."""
    content = f"{HEADINGS};{again}\r\n{ROW};2".encode()
    with pytest.raises(RefusedError, match="deux colonnes") as refused:
        list(parse_consents(content))
    assert refused.value.code == "invalid-list"


@pytest.mark.parametrize(("written", "expected"), [("oui", True), ("X", True), ("", False), ("Non", False)])
def test_a_column_says_that_a_number_has_a_new_holder(written: str, expected: bool) -> None:
    (found,) = parse_consents(f"{HEADINGS};Nouveau titulaire\n{ROW};{written}".encode())
    assert isinstance(found, ListedConsent)
    assert found.collected.new_holder is expected


def test_a_new_holder_is_answered_by_yes_or_no() -> None:
    (found,) = parse_consents(f"{HEADINGS};Nouveau titulaire\n{ROW};peut-être".encode())
    assert isinstance(found, RowError)
    assert found.code == "invalid-field"
