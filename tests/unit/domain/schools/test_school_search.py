"""Schools are found as people write them: words, without case and accents."""

from dataclasses import replace

import pytest

from schoolsms.domain.errors import RefusedError
from schoolsms.domain.schools.school_search import SchoolSearch
from tests.support.builders import SCHOOL

HEART = replace(SCHOOL, uai="0690001A", name="Collège Sacré-Cœur d'Été", address=replace(SCHOOL.address, city="Bron"))


@pytest.mark.parametrize(
    "written",
    [
        *(
            "college",
            "COLLÈGE",
            "Sacré Cœur",
            "sacre coeur",
            "cœur-sacré",
            "ete bron",
            "Colle\u0301ge",
            "d'été",
            "d’ete",
        ),
        *("0690001a", "069", "bron college", "", " ", "-"),
    ],
)
def test_a_school_is_found_by_words_of_its_name_its_town_or_its_uai(written: str) -> None:
    assert SchoolSearch.of(written, None).finds(HEART)


@pytest.mark.parametrize("written", ["lycée", "college lyon", "0690001B", "69000123"])
def test_every_word_must_occur(written: str) -> None:
    assert not SchoolSearch.of(written, None).finds(HEART)


def test_a_state_is_searched_for_together_with_words() -> None:
    suspended = replace(HEART, state="suspended")
    assert SchoolSearch.of("coeur", "suspended").finds(suspended)
    assert not SchoolSearch.of("coeur", "active").finds(suspended)
    assert not SchoolSearch.of("lycee", "suspended").finds(suspended)


def test_an_unknown_state_is_refused_with_those_that_exist() -> None:
    with pytest.raises(RefusedError) as refused:
        SchoolSearch.of(None, "closed")
    assert refused.value.code == "unknown-state"
    assert "active, suspended ou terminated" in refused.value.detail


def test_a_search_of_more_than_a_hundred_characters_is_refused() -> None:
    with pytest.raises(RefusedError):
        SchoolSearch.of("a" * 101, None)
    assert not SchoolSearch.of("a" * 100, None).finds(HEART)
