"""Lists in the encodings of French spreadsheets: read right, or refused with the row, never with other letters (R3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolsms.domain.errors import RefusedError
from schoolsms.domain.texts.files.encodings import LONGEST_WORD, MOST_LINES, decoded

_NAMES = """
Zoé Léa Chloé Inès Anaïs Maëlys Noémie Hélène Adèle Éléonore Élise Émile Étienne Éric Théo Noé Raphaël Gaëlle Joël Noël
Michaël Benoît François Jérôme Frédéric Cédric René Irène Eugène Solène Océane Loïc Aïcha Héloïse Côme Geneviève Agnès
Désirée Salomé Cléo Naïm Maïssa Béranger Lefèvre LEFÈVRE LEFèVRE BÉRANGER BéRANGER NOËL JOËL CÔME BENOÎT FRANÇOIS JOSÉ
ÉLISE HÉLÈNE FRANçOIS HÉLèNE Hervé Côté Thérèse Zaïre Citroën Îles Âge élève Père prénom téléphone Élève légal collège
N’Diaye O’Connor D’Almeida L’Hermite Floc’h Sœur Œuvrard Lœtitia Phœbé Forêt Château Brûlé Août Être Grâce Jean–Paul
Çiçek Björn Müller MüLLER Muñoz MUÑOZ Núñez Peña García GARCÍA Gómez Martínez Pérez Álvarez Íñigo Ángel João Conceição
Gonçalves GONÇALVES Simões Magalhães Åsa Søren Joàn José Lía 6è 2² 5€ «Léo» “Zoé” l’école où là déjà suite… 10–12 n°5
† l´école d´Anjou ½ 3×2 ¾ m² « » – “ ” É À ô · •
Díaz Lídia Sílvia Tías Óscar Íris Ítalo Úrsula ÓSCAR ÍRIS Nídia Míriam Œting Ùrsule Ïssa Ölmez LÆTITIA LÆTICIA
AŸ FAŸ CROŸ NICOLAŸ Aÿ Île ÎLE Îlan D’Souza N’Golo M’Barek L’Haÿ C’est D’Arc OÙ À
Núria Júlia Araújo Lúcia PEIRÓ GABALDÓN TOMÁS RÚIZ Schönland Röhricht Émilie Élodie âge
"""
NAMES = _NAMES.split()
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1252",
    "iso8859_15",
    "cp850",
    "cp437",
    "mac_roman",
)


def saved(names: list[str], encoding: str, heading: str = "prenom") -> tuple[str, bytes] | None:
    """A list as a spreadsheet saves it; None where the encoding has not all of its letters."""
    text = f"{heading};portable\r\n" + "".join(f"{name};0612345678\r\n" for name in names)
    try:
        return text, text.encode(encoding)
    except UnicodeEncodeError:
        return None


def read_or_refused(content: bytes) -> str | None:
    try:
        return decoded(content)
    except RefusedError:
        return None


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_list_with_one_accented_name_is_read_right_or_refused(encoding: str) -> None:
    for name in NAMES:
        if written := saved([name], encoding):
            text, content = written
            assert read_or_refused(content) in (text, None), name


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=12), st.sampled_from(ENCODINGS))
def test_whatever_names_stand_together_no_letter_becomes_another(names: list[str], encoding: str) -> None:
    if written := saved(names, encoding):
        text, content = written
        assert read_or_refused(content) in (text, None)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("heading", ["Prénom", "prenom de l'élève"])
def test_a_list_as_schools_write_it_is_read_in_every_encoding(heading: str, encoding: str) -> None:
    names = ["Zoé", "François", "Anaïs", "Benoît", "Hélène", "Maëlys", "Loïc", "Forêt", "Brûlé", "Jérôme"]
    written = saved(names, encoding, heading)
    assert written is not None
    assert decoded(written[1]) == written[0]


@pytest.mark.parametrize("name", ["Zoé", "René", "Chloé", "Théo", "Hélène", "Jérôme", "Léa"])
def test_one_e_acute_in_a_word_is_enough_to_tell_the_encoding(name: str) -> None:
    for encoding in ENCODINGS:
        written = saved([name], encoding)
        assert written is not None
        assert decoded(written[1]) == written[0]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("Díaz", "mac_roman"), ("Lídia", "mac_roman"), ("Óscar", "mac_roman"), ("FAŸ", "mac_roman"), ("LÆTITIA", "cp850")],
)
def test_a_name_that_another_encoding_would_make_nearly_french_is_refused_alone(name: str, encoding: str) -> None:
    """D’az, L’dia, îscar, FAÙ, L’TITIA: beside a name that tells the encoding they are read."""
    for names in ([name], [name, "Zoé"]):
        written = saved(names, encoding)
        assert written is not None
        assert read_or_refused(written[1]) == (written[0] if "Zoé" in names else None)


def test_lines_of_windows_1252_amid_lines_of_utf_8_are_read_right() -> None:
    utf8, old = "prénom;portable\r\nZoé;1\r\n", "René;2\r\nFrançois;3\r\n"
    for other in ("cp1252", "cp850", "mac_roman"):
        assert decoded(utf8.encode() + old.encode(other) + "Noël;4".encode()) == utf8 + old + "Noël;4"
        assert decoded(b"\xef\xbb\xbf" + utf8.encode() + old.encode(other)) == utf8 + old


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b"prenom;portable\nZo\xc3\xa9 Ren\xe9;1\n", 2),  # two encodings in one row
        ("prenom;portable\nLéo;1\n".encode() + b"ADRESSE;F\xc3\x8aTE \xe9t\xe9\n", 3),
        ("prénom;portable\nZoé;1\n".encode("cp1252") + "Léo;2\n".encode("cp850"), 3),
        ("prénom;portable\nZoé;1\n".encode("cp1252") + "Léo;2\n".encode("mac_roman"), 3),
        ("portable;prénom\nzoé;1\nrené;2".encode("mac_roman") + "\n3;François\n".encode("cp850"), 4),
        ("portable;prénom\nzoé;1\n".encode("cp850") + "3;Élodie\n".encode("mac_roman"), 3),
        ("prenom;portable\nLéo;1\nZoé;2".encode().decode("cp1252").encode(), 2),  # saved twice wrongly
        ("prenom;portable\nLéo;1\nZoé;2".encode().decode("mac_roman").encode(), 2),
        ("prenom;portable\nÚrsula;1\nLÓPEZ;2\n".encode("cp850"), 2),  # érsula and LàPEZ to Windows
        (b"prenom;portable\nAd\x8ale;1\n", 2),  # Adèle to DOS, Adäle to a Macintosh
        ("prenom;portable\nLEFèVRE;1\n".encode("cp1252"), 2),  # LEFËVRE to a Macintosh
        (b'"pre\r\nnom";portable\r\n"a\r\nb";1\r\n\r\nLi\xc3\xa9 \xe9;1\r\n', 4),
        (b"sep=;\r\nprenom;portable\r\nZo\xff\xfe\xe9;1\r\n", 2),
        (b"prenom;portable\n" + b"x" * LONGEST_WORD + b"\xe9;1", 2),
    ],
)
def test_a_letter_that_nobody_can_read_surely_is_refused_with_its_row(content: bytes, row: int) -> None:
    with pytest.raises(RefusedError) as refused:
        decoded(content)
    assert refused.value.detail.startswith(f"Ligne {row} :")
    assert "CSV UTF-8" in refused.value.detail


@pytest.mark.parametrize("text", ["L’École;1", "«\u00a0École\u00a0»;1", "CAFÉ\u00a0;1", "ANDRÉ…;1", "l’été;2"])
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_bytes_that_happen_to_be_utf_8_make_no_other_script(text: str, encoding: str) -> None:
    assert read_or_refused(text.encode(encoding)) in (text, None)


@pytest.mark.parametrize(
    "text",
    [
        "Жанна;1",
        "Արմեն;1",
        "محمد;1",
        "Ελένη;1",
        "Nguyễn Thị Hương;1",
        "Ștefan Țăran;1",
        "Łukasz Đặng;1",
        "İpek Şahin;1",
    ],
)
def test_names_of_everywhere_are_read_in_utf_8(text: str) -> None:
    assert decoded(f"prénom;portable\n{text}".encode()) == f"prénom;portable\n{text}"
    assert decoded(f"prénom;portable\n{text}".encode("utf-16")) == f"prénom;portable\n{text}"


@pytest.mark.parametrize(
    "content",
    [b"portable\x00\n06", b"\xff\xfeodd", b"\xff\xfea\x00b", "a;b".encode("utf-32"), b"a\x1bb", b"\x00", b"a\x00b"],
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        decoded(content)
    assert "autre chose que du texte" in refused.value.detail


def test_millions_of_empty_lines_are_not_looked_at() -> None:
    assert decoded(b"\n" * (MOST_LINES + 1)) == "\n" * (MOST_LINES + 1)
    with pytest.raises(RefusedError) as refused:
        decoded(b"\n" * (MOST_LINES + 1) + b"\xe9")
    assert "vides" in refused.value.detail
