"""When the managers are warned of what they will lose (R17)."""

from datetime import date, timedelta

import pytest

from schoolsms.domain.schools.stock.subscription_ends import Warned, warning_due

END = date(2027, 8, 31)


@pytest.mark.parametrize(
    ("days_left", "due"), [(31, None), (30, 30), (29, 30), (8, 30), (7, 7), (6, 7), (0, 7), (-1, None), (-400, None)]
)
def test_a_warning_is_due_from_thirty_and_from_seven_days_before_the_last_day(days_left: int, due: int | None) -> None:
    found = warning_due(END, END - timedelta(days=days_left), None)
    assert (found.days if found else None) == due


@pytest.mark.parametrize(
    ("today", "given", "due"),
    [
        (date(2027, 8, 1), Warned(END, 30), None),
        (date(2027, 8, 23), Warned(END, 30), None),
        (date(2027, 8, 24), Warned(END, 30), Warned(END, 7)),
        (date(2027, 8, 31), Warned(END, 7), None),
        # The end was moved after the warning, which is no longer true.
        (date(2027, 8, 1), Warned(date(2027, 8, 20), 7), Warned(END, 30)),
        (date(2027, 8, 31), Warned(date(2028, 8, 31), 7), Warned(END, 7)),
    ],
)
def test_each_is_given_once_for_each_end(today: date, given: Warned, due: Warned | None) -> None:
    assert warning_due(END, today, given) == due
