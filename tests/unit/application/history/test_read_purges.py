"""Certificates are read by the managers of the school and by the operator (R2, R38)."""

from dataclasses import replace

import pytest

from schoolsms.domain.schools.access import Forbidden
from tests.support.builders import A_MANAGER, A_SENDER, OPERATOR, OTHER_UAI, SCHOOL, STRANGER, UAI
from tests.support.worlds.school_year_world import YEAR_END, Year


def purged() -> Year:
    year = Year()
    year.schools.put(replace(SCHOOL, uai=OTHER_UAI))
    year.delivered()
    year.purge()
    return year


def test_a_manager_reads_those_of_the_own_school_with_the_year_that_runs() -> None:
    found, running = purged().certificates.certificates(A_MANAGER, None)
    assert [(each.school, each.school_year) for each in found.items] == [(UAI, "2026-27")]
    assert running
    assert running.label == "2027-28"


def test_nobody_of_another_school_reads_them() -> None:
    found, running = purged().certificates.certificates(STRANGER, None)
    assert (found.items, running and running.label) == ([], "2027-28")


def test_the_operator_reads_all_of_them() -> None:
    found, running = purged().certificates.certificates(OPERATOR, None)
    assert ([each.school for each in found.items], running) == ([UAI], None)


def test_a_sender_reads_none() -> None:
    with pytest.raises(Forbidden):
        purged().certificates.certificates(A_SENDER, None)


def test_until_the_last_second_of_the_year_it_is_the_one_that_runs() -> None:
    year = Year()
    year.clock.time = YEAR_END.replace(hour=21, minute=59, second=59)
    running = year.certificates.certificates(A_MANAGER, None)[1]
    assert running
    assert running.label == "2026-27"
