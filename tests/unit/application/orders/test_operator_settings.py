"""The operator publishes closure days, prices and trusted signers (R9, R40)."""

from collections.abc import Sequence
from datetime import date

import pytest

from schoolsms.application.orders.operator_settings import OperatorSettings
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST, Pack
from schoolsms.domain.schools.access import Forbidden
from tests.fakes.core import FakePriceList
from tests.support.builders import A_MANAGER, A_SENDER, OPERATOR


class FakeClosures:
    def __init__(self) -> None:
        self.published: frozenset[date] = frozenset()

    def days(self) -> frozenset[date]:
        return self.published

    def publish(self, days: frozenset[date]) -> None:
        self.published = days


class FakeTrustedSigners:
    def __init__(self) -> None:
        self.published: Sequence[str] = ()

    def certificates(self) -> Sequence[str]:
        return self.published

    def publish(self, certificates: Sequence[str]) -> None:
        self.published = certificates


def desk() -> OperatorSettings:
    return OperatorSettings(FakeClosures(), FakePriceList(), FakeTrustedSigners())


def test_closure_days_are_published_in_order_and_once() -> None:
    settings = desk()
    christmas, new_year = date(2026, 12, 24), date(2026, 12, 31)
    assert settings.publish_closures(OPERATOR, [new_year, christmas, new_year]) == [christmas, new_year]
    assert settings.closure_days() == [christmas, new_year]


def test_a_price_list_replaces_the_one_before() -> None:
    settings = desk()
    assert settings.packs(OPERATOR) == DEFAULT_PRICE_LIST
    settings.publish_prices(OPERATOR, [Pack("P200", 200, 2_000)])
    assert settings.packs(OPERATOR) == (Pack("P200", 200, 2_000),)


@pytest.mark.parametrize(
    "packs", [[], [Pack("P1", 1, 1), Pack("P1", 2, 2)], [Pack(f"P{number}", 1, 1) for number in range(9)]]
)
def test_a_price_list_that_no_form_can_show_is_refused(packs: Sequence[Pack]) -> None:
    with pytest.raises(RefusedError):
        desk().publish_prices(OPERATOR, packs)


def test_a_list_of_trusted_signers_replaces_the_one_before_each_certificate_once() -> None:
    settings = desk()
    assert settings.trusted_signers(OPERATOR) == ()
    settings.publish_trusted_signers(OPERATOR, ["B", "A", "B"])
    assert settings.trusted_signers(OPERATOR) == ["B", "A"]
    settings.publish_trusted_signers(OPERATOR, [])
    assert settings.trusted_signers(OPERATOR) == []


def test_managers_see_the_price_list_and_senders_do_not() -> None:
    assert desk().packs(A_MANAGER) == desk().packs(OPERATOR) == DEFAULT_PRICE_LIST
    with pytest.raises(Forbidden):
        desk().packs(A_SENDER)


def test_nobody_but_the_operator_publishes() -> None:
    settings = desk()
    with pytest.raises(Forbidden):
        settings.publish_closures(A_MANAGER, [])
    with pytest.raises(Forbidden):
        settings.publish_prices(A_MANAGER, [Pack("P1", 1, 1)])
    with pytest.raises(Forbidden):
        settings.publish_trusted_signers(A_MANAGER, [])
    with pytest.raises(Forbidden):
        settings.trusted_signers(A_MANAGER)
