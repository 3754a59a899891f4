"""Do one thing for every school, though it fails for some."""

from collections.abc import Callable

from schoolsms.application.ports.core import Schools
from schoolsms.application.ports.walks import every_item
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.schools import School


def for_each_school(schools: Schools, look_at: Callable[[School], None]) -> None:
    """Call `look_at` with every school, by UAI. Raises TransientError at the end if a call raised anything.

    One school's fault must not keep the others from being warned and purged in time.
    """
    failed = 0
    last: Exception | None = None
    for school in every_item(schools.all):
        try:
            look_at(school)
        except Exception as error:  # noqa: BLE001 - raised again below
            failed, last = failed + 1, error
    if failed:
        raise TransientError(f"{failed} schools could not be looked at") from last
