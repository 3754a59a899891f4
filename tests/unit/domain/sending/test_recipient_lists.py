"""Lists as French spreadsheets save them, and what is no list (R3)."""

from collections.abc import Mapping, Sequence

import pytest

from schoolsms.domain.errors import RefusedError
from schoolsms.domain.sending.recipient_lists import MAX_ROWS, parse_list

ONE = [("0612345678", {"prénom": "Zoé"}, 2)]


def read(content: str | bytes, encoding: str = "utf-8") -> Sequence[tuple[str, Mapping[str, str], int]]:
    """Number, variables and row of each recipient."""
    found = parse_list(content if isinstance(content, bytes) else content.encode(encoding))
    return [(each.phone, dict(each.variables), row) for each, row in zip(found.recipients, found.rows, strict=True)]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_a_list_is_read_however_the_spreadsheet_saved_it(separator: str, encoding: str, line_end: str) -> None:
    rows = [("prénom", "téléphone"), ("Zoé", "0612345678")]
    assert read(line_end.join(separator.join(row) for row in rows), encoding) == ONE


@pytest.mark.parametrize(
    "heading",
    [
        "telephone",
        "Téléphone",
        "PORTABLE",
        " mobile ",
        "phone",
        "Numéro",
        "Tél.",
        "N° de téléphone",
        "GSM",
        "tel_portable",
    ],
)
def test_the_column_of_numbers_is_known_by_its_heading(heading: str) -> None:
    assert read(f"prénom;{heading}\nZoé;0612345678") == ONE


def test_a_mobile_comes_before_a_telephone_and_both_before_a_number() -> None:
    content = "Numéro;Téléphone;Portable\n12;0140000000;0612345678"
    assert read(content) == [("0612345678", {"Numéro": "12", "Téléphone": "0140000000"}, 2)]


def test_rows_are_numbered_as_the_spreadsheet_shows_them() -> None:
    """The headings are row 1; empty rows count, lines within quotes do not."""
    content = 'portable;adresse\n\n0612345678;"1 rue\nde l\'École"\n;;\n \n0612345679;b\n'
    assert read(content) == [
        ("0612345678", {"adresse": "1 rue\nde l'École"}, 3),
        ("0612345679", {"adresse": "b"}, 6),
    ]


def test_quotes_protect_separators_and_quotes() -> None:
    assert read('portable;nom\n"0612345678";"Zoé ; dite ""Zou"""') == [("0612345678", {"nom": 'Zoé ; dite "Zou"'}, 2)]


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("612345678", "612345678"),
        ("'0612345678", "0612345678"),
        ('"=""0612345678"""', "0612345678"),
        ("x" * 99, "x" * 64),
        ('"06 12 34\n56 78"', "06 12 34 56 78"),
        (f"0612345678{' ' * 60}0612345679", "0612345678 0612345679"),
    ],
)
def test_numbers_come_as_they_were_written_but_for_what_keeps_them_text(written: str, phone: str) -> None:
    """The lost zero is given back where numbers are read."""
    assert read(f"portable\n{written}") == [(phone, {}, 2)]


def test_a_separator_declared_for_excel_is_used() -> None:
    assert read("sep=,\r\nportable,prénom\r\n0612345678,Zoé") == [("0612345678", {"prénom": "Zoé"}, 2)]


def test_an_empty_cell_is_no_value_and_a_column_without_heading_no_variable() -> None:
    assert read("portable;;prénom;classe\n0612345678;x;Zoé\n0612345679") == [
        ("0612345678", {"prénom": "Zoé"}, 2),
        ("0612345679", {}, 3),
    ]


def test_a_row_without_number_is_kept_to_be_refused_by_its_row() -> None:
    assert read("portable;prénom\n;Zoé") == [("", {"prénom": "Zoé"}, 2)]


def test_the_first_of_two_columns_of_one_name_counts() -> None:
    assert read("portable;a;a\n1;x;y") == [("1", {"a": "x"}, 2)]


@pytest.mark.parametrize(
    "content",
    [
        "Nom, prénom, classe;Portable\nDupont Zoé 6A;0612345678",
        "Nom, prénom, classe\tPortable\nDupont Zoé 6A\t0612345678",
        "Nom; prénom; classe,Portable\nDupont Zoé 6A,0612345678",
        '"Nom; prénom; classe","Portable"\n"Dupont Zoé 6A","0612345678"',
        '"Nom, prénom,\nclasse";Portable\nDupont Zoé 6A;0612345678',
    ],
)
def test_the_separator_is_the_one_the_rows_agree_on(content: str) -> None:
    ((phone, variables, row),) = read(content)
    assert (phone, list(variables.values()), row) == ("0612345678", ["Dupont Zoé 6A"], 2)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize(
    "heading", ['"Téléphone\nportable"', '"Téléphone\r\nportable"', '"Tél., ou\tportable;"', "Portable"]
)
def test_a_heading_may_be_broken_and_hold_other_separators(heading: str, separator: str) -> None:
    assert read(f"{heading}{separator}prénom\n0612345678{separator}Zoé") == ONE


@pytest.mark.parametrize(
    ("content", "variables"),
    [
        ("portable;adresse\n0612345678;1, rue A, B, C", {"adresse": "1, rue A, B, C"}),
        ("Téléphone, portable;prénom\n0612345678;Zoé", {"prénom": "Zoé"}),
        ("portable,prénom;classe\n0612345678,Zoé", {"prénom;classe": "Zoé"}),
        ("portable;prénom;classe\n0612345678;Zoé", {"prénom": "Zoé"}),
        ("portable;prénom;;;\n0612345678;Zoé;;;\n", {"prénom": "Zoé"}),
        (";;portable;prénom\n;;0612345678;Zoé\n", {"prénom": "Zoé"}),
        ("sep=;\r\nportable;note\r\n0612345678;a,b,c", {"note": "a,b,c"}),
        ('"sep=,"\r\nportable,note\r\n0612345678,a;b', {"note": "a;b"}),
        ("SEP=;;;\nportable;note\n0612345678;a", {"note": "a"}),
        ("\n\n\nportable;a\n\n0612345678;b\n\n", {"a": "b"}),
        ("portable\n0612345678", {}),
        ("portable\n06,12,34,56,78".replace("06,12,34,56,78", "0612345678\n\n"), {}),
        ('Portable; "prénom"\n0612345678; "Léa"', {"prénom": "Léa"}),
        ('Portable, "prénom"\n 0612345678,  "Léa, dite Lou"', {"prénom": "Léa, dite Lou"}),
        ('portable;note\n0612345678;dit "Lou"', {"note": 'dit "Lou"'}),
        ('portable;note\n0612345678;"""Lou"""', {"note": '"Lou"'}),
        ("portable;Nom  de\u00a0l’élève\u200b\n0612345678;Zoé", {"Nom de l’élève": "Zoé"}),
        ("\ufeffportable;prénom\n0612345678;Zoé", {"prénom": "Zoé"}),
        ("portable;\u200b\n0612345678;Zoé", {}),
    ],
)
def test_lists_are_read_as_their_spreadsheet_shows_them(content: str, variables: Mapping[str, str]) -> None:
    ((phone, found, _),) = read(content)
    assert (phone, found) == ("0612345678", variables)


def test_a_second_column_of_numbers_is_said() -> None:
    found = parse_list("Portable mère;Portable père;fixe\n0612345678;0612345679;1\n0612345670;;2".encode())
    assert [each.phone for each in found.recipients] == ["0612345678", "0612345670"]
    (said,) = found.unused
    assert (said.name, said.recipients, said.code) == ("Portable père", 1, "unused-numbers")
    assert "« Portable mère » est utilisée, « Portable père » ne l'est pas" in said.detail
    assert parse_list(b"Portable;Telephone\n0612345678;\n").unused == []


@pytest.mark.parametrize(
    ("code", "written", "phone"),
    [
        ("33", "612345678", "612345678"),
        ("+33", "06 12 34 56 78", "06 12 34 56 78"),
        ("", "0612345678", "0612345678"),
        ("41", "781234567", "+41781234567"),
        ("+41", "078 123 45 67", "+4178 123 45 67"),
        ("0032", "0470123456", "+32470123456"),
        ("41", "+33612345678", "+33612345678"),
        ("41", "", ""),
        ("Suisse", "0781234567", "0781234567"),
    ],
)
def test_a_country_code_in_a_column_of_its_own_is_part_of_the_number(code: str, written: str, phone: str) -> None:
    """Without it a number of Geneva is another family's in France."""
    for heading in ("Indicatif", "Indicatif tél. portable", "Ind. tél"):
        ((found, _, _),) = read(f"nom;{heading};Tél. portable\nZoé;{code};{written}")
        assert found == phone


def test_a_column_elsewhere_or_of_other_words_is_no_country_code() -> None:
    assert read("Indicatif;nom;Portable\n41;Zoé;0612345678") == [("0612345678", {"Indicatif": "41", "nom": "Zoé"}, 2)]
    assert read("Indice;Portable\n41;0612345678") == [("0612345678", {"Indice": "41"}, 2)]


def test_columns_of_numbers_are_said_even_if_headed_alike() -> None:
    found = parse_list(b"Portable;nom;Portable;Portable\n0612345678;Zoe;;0612345679\n0612345670;Lea;;0612345671\n")
    assert [(each.name, each.recipients) for each in found.unused] == [("Portable", 2)]


def test_a_cell_kept_as_text_by_a_formula_is_what_the_spreadsheet_shows() -> None:
    """Its quotes are not written to families."""
    assert read('"=""portable""";="classe";nom\n="0612345678";="6A";="dite ""Zou"""') == [
        ("0612345678", {"classe": "6A", "nom": 'dite "Zou"'}, 2)
    ]


def test_the_mark_by_which_old_programs_end_a_file_is_no_row() -> None:
    assert read(b"pr\xc3\xa9nom;portable\r\nZo\xc3\xa9;0612345678\r\n\x1a", "") == [
        ("0612345678", {"prénom": "Zoé"}, 2)
    ]
    assert read("prénom;portable\r\nZoé;0612345678\r\n\x1a", "cp850") == [("0612345678", {"prénom": "Zoé"}, 2)]


def test_a_list_that_no_program_can_read_surely_is_refused_with_its_row() -> None:
    with pytest.raises(RefusedError) as refused:
        read("prénom;portable\nZoé;0612345678\n".encode() + b"Zo\xc3\xa9 Ren\xe9;0612345678\n")
    assert refused.value.detail.startswith("Ligne 3")


def test_thirty_thousand_are_the_most() -> None:
    rows = "0612345678\n" * MAX_ROWS
    assert len(read(f"portable\n{rows}")) == 30_000
    with pytest.raises(RefusedError) as refused:
        read(f"portable\n{rows}0612345678")
    assert "30000" in refused.value.detail


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "aucune colonne"),
        (b"nom;classe\nx;y", "aucune colonne"),
        (b"0612345678\n0612345679", "aucune colonne"),
        (b"\n\nnom\nx", "Ligne 3"),
        (b"portable;nom\n", "vide"),
        (b'portable;nom\n0612345678;"x', "Ligne 2"),
        (b'portable;nom\n0612345678;x\n0612345679;"x"y', "Ligne 3"),
        (b'portable;nom\n0612345678;\xc2\xa0"x"', "Ligne 2"),
        (b'portable;nom\n0612345678;"x" ', "Ligne 2"),
        (b"portable;nom\n0612345678;x;y", "Ligne 2"),
        (b"portable;nom\n0612345678;" + b"x" * 5_001, "5000"),
        (b"portable" + b";x" * 100, "100 colonnes"),
        (b"PK\x03\x04 a workbook", "CSV"),
        (b"%PDF-1.7", "CSV"),
        (b"\x89PNG\r\n", "CSV"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "CSV"),
        (b"portable\x00\n0612345678", "CSV"),
        (b"portable\n\x81\x8d", "CSV"),
        (b"\xff\xfeodd", "CSV"),
    ],
)
def test_what_is_no_list_is_said_in_french(content: bytes, said: str) -> None:
    """R3."""
    with pytest.raises(RefusedError) as refused:
        read(content)
    assert refused.value.code == "invalid-list"
    assert said in refused.value.detail


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Prénom", "PRENOM"),
        ("Prénom", "Prénom"),
        ("prenom", " Pre\u0301nom\u200b"),
        ("nom  de l’élève", "Nom de l'eleve"),
    ],
)
def test_two_columns_that_a_text_names_alike_are_refused_when_it_uses_them(one: str, other: str) -> None:
    """Nobody can tell whose value is meant: the child's or the parent's, say."""
    found = parse_list(f"{one};portable;{other}\nZoé;0612345678;Anne\n".encode())
    found.check_names("Réunion jeudi, ((classe)).")
    with pytest.raises(RefusedError) as refused:
        found.check_names(f"Bonjour (({one})).")
    assert refused.value.code == "invalid-list"
    assert "renommez l'une d'elles" in refused.value.detail


@pytest.mark.parametrize("row", ["Zoé;0612345678", "Zoé;0612345678;", "Zoé;0612345678; "])
def test_a_second_column_of_the_same_name_that_is_empty_is_none(row: str) -> None:
    found = parse_list(f"Prénom;portable;PRENOM\n{row}\n".encode())
    found.check_names("Bonjour ((prenom)).")
    assert found.same_named == []
