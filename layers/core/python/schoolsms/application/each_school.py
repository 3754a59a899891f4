"""What a schedule does for every school, on each one's own clock."""

from collections.abc import Callable

from schoolsms.application.ports import Schools
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools import School


def look_at_each(schools: Schools, look_at: Callable[[School], None]) -> None:
    """`look_at` every school, by UAI. Raises TransientError, after all others were seen to, if one could not be."""
    failed = 0
    cursor: str | None = None
    while True:
        piece = schools.all(cursor)
        for school in piece.items:
            try:
                look_at(school)
            except TransientError:
                failed += 1
        cursor = piece.cursor
        if cursor is None:
            break
    if failed:
        raise TransientError(f"{failed} schools could not be looked at")
