"""Nothing of the corpus is credited that should not be, nor refused though complete; and few need a person."""

import pytest

from schoolsms.adapters.order_forms import order_forms
from schoolsms.adapters.order_forms.sandbox import parent
from tests.corpus.cases import cases
from tests.corpus.judging import Result, judge

LARGEST = (
    "scanned, 300 dpi, upside down, skewed, stretched: signed",
    "scanned, with a letter",
    "printed, with a page of conditions",
)
"""The papers of the most pixels, in one page or in several."""


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return [judge(case) for case in cases()]


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


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_papers_are_read_alike_by_the_process_with_little_memory(
    name: str, results: list[Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that takes more than its 400 MB answers nothing, so the paper would be unreadable."""
    [here] = [each for each in results if each.case.name == name]
    monkeypatch.setattr(order_forms, "Child", parent.Child)
    there = judge(here.case)
    assert (there.verdict, there.reading) == (here.verdict, here.reading)
