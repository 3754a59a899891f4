"""Variables that are half written, or written as other programs do: families would read them so (R19)."""

import pytest

from schoolsms.domain.texts.half_written import half_written

GIVEN = {"Prénom": "Zoé", "classe": "3e B"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Bonjour {{prenom}}", "« {{prenom}} » (9e caractère)"),
        ("{prenom} est absent", "« {prenom} » (1er caractère)"),
        ("Bonjour [prénom]", "« [prénom] » (9e caractère)"),
        ("Bonjour ((prenom", "« ((prenom » (9e caractère)"),
        ("Bonjour ((prenom, à demain", "« ((prenom » (9e caractère)"),
        ("Bonjour ((prenom) à demain", "« ((prenom) » (9e caractère)"),
        ("Bonjour (prenom)) à demain", "« (prenom)) » (9e caractère)"),
        ("Bonjour [ Prénom de l’élève ]", "« [ Prénom de l’élève ] » (9e caractère)"),
        ("Bonjour {{élève}}", "« {{élève}} » (9e caractère)"),
        ("((classe)) : {{prenom}}", "« {{prenom}} » (14e caractère)"),
        ("((prenom)) et ((prenom", "« ((prenom » (15e caractère)"),
        ("{a} {b} {c} {d}", "« {a} » (1er caractère), « {b} » (5e caractère), « {c} » (9e caractère)…"),
    ],
)
def test_what_looks_like_a_variable_is_named_with_its_place(text: str, named: str) -> None:
    assert half_written(text).beside(GIVEN) == named


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour",
        "((prenom)), ((classe))",
        "Réunion [salle 12] à 18 h",
        "Voir le règlement (article 3 (page 2))",
        "[Collège Valéry] Bonjour",
        "Bravo :-{ :-} (-: [1] (1)",
        "[] {} (()) {{}}",
    ],
)
def test_a_text_s_own_brackets_are_its_own(text: str) -> None:
    assert half_written(text).beside(GIVEN) == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Bonjour {{prenom}}", "« {{prenom}} » (9e caractère)"),
        ("Bonjour ((prenom", "« ((prenom » (9e caractère)"),
        ("Bonjour (( prenom) à demain", "« (( prenom) » (9e caractère)"),
        ("((classe)) : {{ x }}", "« {{ x }} » (14e caractère)"),
        ("Demain :((prenom", "« ((prenom » (9e caractère)"),
    ],
)
@pytest.mark.parametrize("given", [{}, {"classe": "3e B"}, GIVEN])
def test_what_no_text_to_families_wants_counts_whatever_values_there_are(
    text: str, named: str, given: dict[str, str]
) -> None:
    assert half_written(text).beside(given) == half_written(text).anyway() == named


@pytest.mark.parametrize(
    "text",
    [
        "Classe perdue :(( On se retrouve demain",
        "Fini :((( snif ;(( mais bravo",
        "Voir l'annexe (article 3 (page 2))",
        "Venez (salle 12 (bâtiment B)) à 18 h",
        "{prenom}, [prenom], (prenom))",
        "((prenom)) et (((classe)))",
    ],
)
def test_nothing_else_counts_before_there_are_values(text: str) -> None:
    assert half_written(text).anyway() == half_written(text).beside({}) == ""


@pytest.mark.parametrize("text", ["Bonjour {prenom}", "Bonjour [prenom]", "Bonjour (prenom))"])
def test_a_mark_that_names_a_value_counts_though_no_value_is_unused(text: str) -> None:
    assert half_written(f"((prenom)), {text}").beside({"prenom": "Zoé"}) != ""


@pytest.mark.parametrize("given", [{}, {"classe": "3e B"}])
def test_a_mark_counts_only_beside_a_value_that_is_not_used(given: dict[str, str]) -> None:
    assert half_written("((classe)) {accord}").beside(given) == ""


def test_a_mark_that_names_a_value_counts_even_if_the_value_is_used_elsewhere() -> None:
    assert half_written("((prenom)), dites à [prenom]").beside({"prenom": "Zoé"}) == "« [prenom] » (21e caractère)"


def test_a_short_word_that_two_names_share_makes_no_variable_of_brackets() -> None:
    assert half_written("[salle de réunion]").beside({"date de fin": "x"}) == ""


def test_brackets_without_an_end_take_no_time() -> None:
    """5,000 characters are the longest text."""
    for sign in "([{":
        assert half_written(sign * 5_000).beside(GIVEN) == ""
        assert half_written(f"{sign}a" * 2_500).beside({}) == ""
        half_written(f"{sign}{sign} " * 1_600 + "a").anyway()


def test_recipients_with_other_variables_are_judged_apart() -> None:
    found = half_written("Bonjour {prenom}")
    for number in range(300):
        assert found.beside({f"v{number}": ""}) == "« {prenom} » (9e caractère)"
    assert found.beside({}) == ""
