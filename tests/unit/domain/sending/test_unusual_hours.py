"""Nights, Sundays and public holidays, by the school's own clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from schoolsms.domain.sending.unusual_hours import UnusualHour, unusual_hour

PARIS = ZoneInfo("Europe/Paris")
TUESDAY, SUNDAY = 24, 29
"""Days of November 2026, when Paris is an hour ahead of UTC."""


def warning(day: int, hour: int, minute: int = 0, holiday: str = "") -> UnusualHour | None:
    return unusual_hour(datetime(2026, 11, day, hour, minute, tzinfo=PARIS).astimezone(UTC), PARIS, holiday, 3)


@pytest.mark.parametrize(("hour", "minute"), [(7, 0), (12, 0), (20, 59)])
def test_a_day_of_the_week_is_usual_from_seven_to_nine_in_the_evening(hour: int, minute: int) -> None:
    assert warning(TUESDAY, hour, minute) is None


@pytest.mark.parametrize(("hour", "minute"), [(21, 0), (23, 59), (0, 0), (6, 59)])
def test_a_night_is_unusual(hour: int, minute: int) -> None:
    found = warning(TUESDAY, hour, minute)
    assert found is not None
    assert "c’est la nuit (21\u00a0h à 7\u00a0h)" in found.detail


def test_the_warning_says_when_and_why() -> None:
    found = warning(SUNDAY, 22, 30)
    assert found is not None
    assert (found.code, found.recipients) == ("unusual-hour", 3)
    assert found.detail.replace("\u00a0", " ") == (
        "Cet envoi partira le dimanche 29 novembre 2026 à 22 h 30, heure de l’établissement : "
        "c’est la nuit (21 h à 7 h) et c’est un dimanche."
    )


def test_a_public_holiday_is_named() -> None:
    found = warning(TUESDAY, 10, holiday="Armistice")
    assert found is not None
    assert "c’est un jour férié (Armistice)." in found.detail
