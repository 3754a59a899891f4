"""Nothing of the corpus is credited that should not be, nor refused though complete; and few need a person."""

import pytest

from tests.corpus.cases import cases
from tests.corpus.judging import Result, judged


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return list(judged(cases()))


def test_no_form_is_credited_or_refused_wrongly(results: list[Result]) -> None:
    assert [(each.case.name, each.verdict) for each in results if each.outcome == "wrong"] == []


def test_a_person_is_asked_for_few_forms_that_a_machine_can_judge(results: list[Result]) -> None:
    asked = [(each.case.name, each.reading.alterations) for each in results if each.outcome == "review"]
    assert len(results) >= 40
    assert len(asked) <= len(results) // 25, asked


def test_a_person_who_is_asked_about_a_page_is_shown_where(results: list[Result]) -> None:
    paged = [each for each in results if each.reading.alterations and not each.reading.fields]
    assert [each.case.name for each in paged if not each.reading.pictures] == []
    assert all(picture.png.startswith(b"\x89PNG") for each in paged for picture in each.reading.pictures)
