import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolsms.domain.texts.placeholders import MissingVariable, compile_template, names, render


def test_variables_are_replaced() -> None:
    text = "Bonjour ((prenom)) ((nom)), ((prenom)) est absent."
    assert render(text, {"prenom": "Léa", "nom": "Martin"}) == "Bonjour Léa Martin, Léa est absent."
    assert names(text) == ("prenom", "nom")


@pytest.mark.parametrize("written", ["((prenom))", "((Prénom))", "(( PRÉNOM ))", "((pre\u0301nom))"])
@pytest.mark.parametrize("given_as", ["prenom", "Prénom", " PRENOM "])
def test_names_compare_without_case_accents_or_spaces_around(written: str, given_as: str) -> None:
    assert render(written, {given_as: "Léa"}) == "Léa"


@pytest.mark.parametrize("written", ["((nom de l'élève))", "((Nom de l’élève))"])
@pytest.mark.parametrize("given_as", ["nom de l'eleve", "Nom de l’élève", "nom de lʼélève"])
def test_names_compare_without_what_a_word_processor_makes_of_an_apostrophe(written: str, given_as: str) -> None:
    assert render(written, {given_as: "Léa"}) == "Léa"


@pytest.mark.parametrize(
    "given_as",
    [
        "Nom de  l'élève",
        "Nom de\nl'élève",
        "Nom\r\nde l'élève",
        "Nom\u00a0de\u202fl'élève",
        "Nom\u2009de\u3000l'élève\u200b",
        "\ufeffNom de l'é\u00adlève",
        "No\u200bm de l'élè\u2060ve",
        "Nom de\u2028l'e\u0301le\u0300ve\ufe0f",
        "NOM DE L´ÉLÈVE",
        "Nom de l`élève\u200e",
        "Nom de\tl'élève\u0000",
    ],
)
def test_names_compare_without_what_nobody_sees(given_as: str) -> None:
    assert render("((nom de l’élève))", {given_as: "Léa"}) == "Léa"
    if "\n" not in given_as:
        assert render(f"(({given_as}))", {"nom de l'eleve": "Léa"}) == "Léa"


@pytest.mark.parametrize("given_as", ["Date‑heure", "date–heure", "DATE−HEURE"])
def test_names_compare_without_what_a_word_processor_makes_of_a_hyphen(given_as: str) -> None:
    assert render("((date-heure))", {given_as: "8 h"}) == "8 h"


@pytest.mark.parametrize(("one", "other"), [("nom", "n om"), ("date_heure", "date heure"), ("a", "b"), ("œ", "o")])
def test_names_that_differ_to_the_eye_are_different(one: str, other: str) -> None:
    assert render(f"(({one}))", {other: "x"}) == MissingVariable(one)


def test_the_same_variable_spelt_twice_is_named_once() -> None:
    assert names("((Prénom)) ((prenom)) ((nom))") == ("Prénom", "nom")


def test_a_missing_variable_is_a_value_that_names_it() -> None:
    assert render("((prenom)) ((classe))", {"prenom": "Léa"}) == MissingVariable("classe")
    assert render("((prenom))", {}) == MissingVariable("prenom")


def test_an_empty_value_is_a_value() -> None:
    assert render("a((x))b", {"x": ""}) == "ab"


def test_a_value_that_looks_like_a_variable_stays_text() -> None:
    assert render("((a)) ((b))", {"a": "((b))", "b": "%s {0} {a.__class__}"}) == "((b)) %s {0} {a.__class__}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rien",
        "(prenom)",
        "(())",
        "((  ))",
        "((prenom)",
        "(prenom))",
        "((a\nb))",
        "((a (b)))",
        "100 % {x} %s",
    ],
)
def test_what_is_ill_formed_stays_text(text: str) -> None:
    assert names(text) == ()
    assert render(text, {"prenom": "Léa"}) == text


def test_brackets_around_a_variable_stay() -> None:
    assert render("(((prenom)))", {"prenom": "Léa"}) == "(Léa)"


def test_a_template_is_compiled_once_for_all_recipients() -> None:
    template = compile_template("((a))!")
    assert [template.render({"a": value}) for value in "xyz"] == ["x!", "y!", "z!"]


@given(st.lists(st.tuples(st.text("ab()% {", max_size=5), st.text("ab()% {", max_size=5)), max_size=4))
def test_rendering_is_one_pass_over_the_text(pieces: list[tuple[str, str]]) -> None:
    text = "".join(f"{literal.replace('(', '').replace(')', '')}((v{i}))" for i, (literal, _) in enumerate(pieces))
    values = {f"v{i}": value for i, (_, value) in enumerate(pieces)}
    expected = "".join(literal.replace("(", "").replace(")", "") + value for literal, value in pieces)
    assert render(text, values) == expected


@pytest.mark.parametrize("hostile", ["((" + "a" * 100_000, "((" + " " * 100_000, "((" * 50_000, "(( a" * 25_000])
def test_a_hostile_text_compiles_in_linear_time(hostile: str) -> None:
    """A quadratic compiler would not finish."""
    assert names(hostile) == ()


def test_the_fixed_pieces_change_and_the_variables_stay_where_they_are() -> None:
    template = compile_template("Fête : (( Élève )) est ((où)) ?")
    assert template.with_fixed(str.upper) == "FÊTE : ((Élève)) EST ((où)) ?"
    assert template.fixed_length == len("Fête :  est  ?")
    assert compile_template(template.with_fixed(str)).names == template.names


def test_a_template_knows_its_variables_by_any_spelling() -> None:
    template = compile_template("((Prénom))")
    assert [template.knows(name) for name in ("Prénom", "prenom", " PRENOM", "nom", "")] == [True] * 3 + [False] * 2
