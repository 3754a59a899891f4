from dataclasses import replace

import pytest

from schoolsms.application.schools.for_each_school import for_each_school
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.schools import School
from tests.fakes.core import FakeSchools
from tests.support.builders import SCHOOL

SCHOOLS = [replace(SCHOOL, uai=uai) for uai in ("0751234J", "0752345K", "0753456L")]


@pytest.mark.parametrize("fault", [TransientError("throttled"), LookupError("no calendar"), ValueError("odd item")])
def test_whatever_goes_wrong_at_one_school_the_others_are_seen_to(fault: Exception) -> None:
    seen: list[str] = []

    def look_at(school: School) -> None:
        if school.uai == "0751234J":
            raise fault
        seen.append(school.uai)

    with pytest.raises(TransientError) as raised:
        for_each_school(FakeSchools(*SCHOOLS), look_at)
    assert (seen, raised.value.__cause__) == (["0752345K", "0753456L"], fault)
