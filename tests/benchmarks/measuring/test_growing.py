"""At 10,000 schools and 100 M SMS a year the settings of the template still leave room, by the model of `growing`."""

from datetime import timedelta

from tests.benchmarks import growing


def test_a_purge_night_leaves_nine_in_ten_functions_and_a_third_of_the_writes_to_sending() -> None:
    night = growing.purge_night()
    assert night.functions <= growing.FUNCTIONS_AT_ONCE / 10
    assert night.writes <= growing.TABLE_WRITES * 2 / 3
    assert night.lasts <= timedelta(hours=2)


def test_without_turns_a_purge_night_would_take_more_writes_than_a_table_has() -> None:
    assert growing.purge_night(timedelta(0)).writes > growing.TABLE_WRITES


def test_a_single_school_is_purged_at_once() -> None:
    assert growing.purge_night(schools=1).functions == 1
    assert growing.purge_night(schools=1).lasts <= timedelta(minutes=1)


def test_what_is_planned_for_eight_is_handed_over_within_a_quarter_of_an_hour() -> None:
    peak = growing.eight_o_clock()
    assert peak.queued <= timedelta(minutes=1)
    assert peak.sent <= timedelta(minutes=15)
    assert peak.recorded <= timedelta(hours=1)
