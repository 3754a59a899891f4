"""Forms printed by other programs than ours: a complete one is credited, an altered one is not, none is accused."""

import pytest

from tests.corpus.judging import Result, judge
from tests.corpus.prints import FOLDER, KEPT, Print, kept


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return [judge(case) for case in kept()]


def test_what_other_programs_print_is_judged_as_what_ours_prints(results: list[Result]) -> None:
    assert [
        (each.case.name, each.verdict, each.reading.alterations) for each in results if each.outcome != "right"
    ] == []


def test_every_file_of_another_program_is_judged() -> None:
    assert {each.name for each in FOLDER.iterdir()} == {Print(*each).file.name for each in KEPT}
