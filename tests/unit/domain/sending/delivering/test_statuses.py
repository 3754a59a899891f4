"""R35: `queued → sent → delivered | undeliverable | expired`, beside `failed`, `cancelled`, `uncertain`."""

from schoolsms.domain.sending.delivering.statuses import FINAL, RELEASED, STATUSES


def test_the_statuses_are_those_of_the_contract() -> None:
    assert set(STATUSES) == {
        "queued",
        "sent",
        "uncertain",
        "delivered",
        "undeliverable",
        "expired",
        "failed",
        "cancelled",
    }
    assert len(STATUSES) == 8


def test_what_may_still_change_is_not_final() -> None:
    assert set(STATUSES) - FINAL == {"queued", "sent", "uncertain"}


def test_only_what_nobody_got_goes_back_to_the_stock() -> None:
    """R30: an unreachable recipient is consumed."""
    assert {"failed", "cancelled"} == RELEASED
