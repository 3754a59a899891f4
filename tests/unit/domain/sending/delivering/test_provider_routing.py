"""Traffic follows weights and conduct (R32)."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolsms.domain.sending.delivering.provider_routing import (
    HALF_LIFE_SECONDS,
    HealthScore,
    in_order,
    parse_weights,
    shares,
)

PRIMARY_AND_STAND_IN = {"ovh": 100, "aws": 0}

WEIGHTS = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 1000), min_size=1).filter(
    lambda weights: any(weights.values())
)
RATES = st.dictionaries(st.sampled_from("abcde"), st.floats(0, 0.99), min_size=0)


def conduct(faults: int, offers: int) -> HealthScore:
    """`offers` at one moment, the bad ones first."""
    seen = HealthScore()
    for number in range(offers):
        seen = seen.after(0.0, fault=number < faults)
    return seen


def share_of_primary(faults: int, offers: int, seconds_ago: float = 0.0) -> float:
    rates = {"ovh": conduct(faults, offers).fault_rate(seconds_ago)}
    return shares(PRIMARY_AND_STAND_IN, rates)["ovh"]


# ------------------------------------------------------------------ conduct


def test_a_provider_that_was_never_used_is_good() -> None:
    assert HealthScore().fault_rate(1e9) == 0


@pytest.mark.parametrize(("faults", "offers", "least"), [(1, 1, 96), (2, 2, 91), (1, 20, 99), (5, 100, 99)])
def test_single_errors_move_next_to_nothing(faults: int, offers: int, least: int) -> None:
    assert share_of_primary(faults, offers) > least


@pytest.mark.parametrize(("faults", "offers", "most"), [(10, 10, 60), (20, 20, 40), (50, 50, 20), (200, 200, 5)])
def test_an_outage_moves_traffic_away(faults: int, offers: int, most: int) -> None:
    assert share_of_primary(faults, offers) < most


def test_traffic_drifts_back_within_a_quarter_of_an_hour() -> None:
    after = [share_of_primary(50, 50, minutes * 60) for minutes in (0, 2.5, 5, 7.5, 10, 15)]

    assert after == sorted(after)
    assert after[0] < 20 < after[2] < 70 < after[4]
    assert after[-1] > 97


@given(st.lists(st.tuples(st.floats(0, 1e6), st.booleans())), st.floats(0, 1e6))
def test_a_fault_rate_is_one_whatever_the_clock_does(offers: list[tuple[float, bool]], now: float) -> None:
    """A clock that is set back makes nothing older or younger than it is."""
    seen = HealthScore()
    for at, fault in offers:
        seen = seen.after(at, fault=fault)
    assert 0 <= seen.fault_rate(now) < 1
    assert seen.fault_rate(now + HALF_LIFE_SECONDS) <= seen.fault_rate(now)


# ------------------------------------------------------------------ shares


@given(WEIGHTS, RATES)
def test_the_share_that_one_provider_loses_goes_to_others(weights: dict[str, int], rates: dict[str, float]) -> None:
    bent = shares(weights, rates)

    assert set(bent) == set(weights)
    assert sum(bent.values()) == pytest.approx(sum(weights.values()))
    assert min(bent.values()) >= 0


@given(WEIGHTS, st.floats(0, 0.99))
def test_when_all_are_equally_bad_nothing_moves(weights: dict[str, int], rate: float) -> None:
    assert shares(weights, dict.fromkeys(weights, rate)) == pytest.approx(weights)


@given(WEIGHTS, st.floats(0.01, 0.99))
def test_the_only_failing_provider_never_gets_more(weights: dict[str, int], rate: float) -> None:
    for name, weight in weights.items():
        assert shares(weights, {name: rate})[name] <= weight + 1e-9


def test_a_stand_in_gets_little_while_another_provider_accepts() -> None:
    bent = shares({"a": 50, "b": 50, "c": 0}, {"a": 0.9})

    assert bent["a"] < 10
    assert bent["b"] > 85
    assert 0 < bent["c"] < 2


def test_a_provider_alone_keeps_everything() -> None:
    assert shares({"ovh": 100}, {"ovh": 0.99}) == {"ovh": 100}


# ------------------------------------------------------------------ order


def test_traffic_is_drawn_by_weight() -> None:
    drawn = Counter(in_order({"ovh": 75, "aws": 25}, {}, number / 1000)[0] for number in range(1000))
    assert drawn == {"ovh": 750, "aws": 250}


@given(WEIGHTS, RATES, st.floats(0, 1, exclude_max=True))
def test_everybody_named_is_in_the_order_once(weights: dict[str, int], rates: dict[str, float], draw: float) -> None:
    order = in_order(weights, rates, draw)

    assert sorted(order) == sorted(weights)
    assert shares(weights, rates)[order[0]] > 0


@given(WEIGHTS, st.floats(0, 1, exclude_max=True))
def test_a_stand_in_is_never_the_first_choice_while_all_is_well(weights: dict[str, int], draw: float) -> None:
    assert weights[in_order(weights, {}, draw)[0]] > 0


# ------------------------------------------------------------------ the table


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+33612340010", {"ovh": 100, "aws": 0}),
        ("+262692123456", {"aws": 100, "ovh": 0}),
        ("+2626391234", {"ovh": 1}),
        ("+26", {"ovh": 100, "aws": 0}),
        ("", {"ovh": 100, "aws": 0}),
    ],
)
def test_the_longest_prefix_decides(phone: str, expected: dict[str, int]) -> None:
    table = parse_weights("ovh:100,aws:0/+262=aws:100,ovh:0/+262639=ovh:1")

    assert table.of(phone) == expected
    assert table.names() == {"ovh", "aws"}


@pytest.mark.parametrize(
    "text",
    ["", "ovh", "ovh:", "ovh:-1", "ovh:0", "ovh:0,aws:0", "+262=ovh:1", "ovh:1/", "262=ovh:1/ovh:1", "ovh:1;aws:1"],
)
def test_weights_that_are_none_are_refused_loudly(text: str) -> None:
    with pytest.raises(ValueError, match="provider weights"):
        parse_weights(text)
