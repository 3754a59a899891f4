"""The router offers each message to providers according to their weights and behaviour (R32)."""

from collections import Counter
from typing import Any

import pytest

from schoolsms.adapters.providers.registry import PARSERS, PROVIDERS
from schoolsms.adapters.providers.router import SLOW_SECONDS, ProviderRouter
from schoolsms.application.ports.provider_calls import ReceiptCall
from schoolsms.domain.sending.delivering.handoffs import (
    Accepted,
    HandoffAnswer,
    OutgoingSms,
    Receipt,
    Refused,
    Unavailable,
    Uncertain,
)
from tests.fakes.sending.providers import ScriptedProvider
from tests.support.examples import a_line

SMS = OutgoingSms("M-1", "+33612340010", "Bonjour", "gsm", None, 3600)
LINE = a_line(phone=SMS.phone)


class Traffic:
    """Two providers, a clock, and draws that go evenly over everything."""

    def __init__(self, weights: str = "ovh:100,aws:0") -> None:
        self.now = 1.7e9
        self.took = 0.1
        self.drawn = 0
        self.ovh, self.aws = self._provider("ovh"), self._provider("aws")
        self.simulated = ScriptedProvider("simulated")
        self.registry = ProviderRouter(
            {"ovh": self.ovh, "aws": self.aws}, self.simulated, weights, clock=lambda: self.now, draw=self._draw
        )

    def _provider(self, name: str) -> ScriptedProvider:
        traffic = self

        class Slow(ScriptedProvider):
            def hand_off(self, sms: OutgoingSms) -> HandoffAnswer:
                traffic.now += traffic.took
                return super().hand_off(sms)

        return Slow(name)

    def _draw(self) -> float:
        self.drawn = (self.drawn + 37) % 100
        return self.drawn / 100

    def firsts(self, line: Any = LINE) -> Counter[str]:
        """Count the first choices of provider over a hundred messages."""
        return Counter(self.registry.in_order(line)[0].name for _ in range(100))

    def hand_off(self, times: int, answer: HandoffAnswer | None = None, to: str = "ovh") -> None:
        provider = self.registry.named(to)
        assert provider is not None
        for _ in range(times):
            self._of(to).script = [answer] if answer else []
            provider.hand_off(SMS)

    def _of(self, name: str) -> ScriptedProvider:
        return {"ovh": self.ovh, "aws": self.aws}[name]


def test_the_secondary_stands_in_and_takes_nothing_by_itself() -> None:
    traffic = Traffic()
    assert traffic.firsts() == {"ovh": 100}
    assert [provider.name for provider in traffic.registry.in_order(LINE)] == ["ovh", "aws"]


def test_a_test_number_is_simulated_and_nothing_else() -> None:
    assert Traffic().registry.in_order(LINE._replace(is_test=True)) == (Traffic().simulated,)


@pytest.mark.parametrize("answer", [Unavailable("503"), Uncertain("timeout")])
def test_errors_move_traffic_away_and_time_brings_it_back(answer: HandoffAnswer) -> None:
    traffic = Traffic()
    traffic.hand_off(30, answer)
    assert traffic.firsts()["ovh"] < 35
    traffic.now += 15 * 60
    assert traffic.firsts()["ovh"] > 95


def test_a_sender_the_provider_does_not_take_says_nothing_of_the_provider() -> None:
    """Else one school's sender name would move the messages of all."""
    traffic = Traffic()
    traffic.hand_off(200, Unavailable("sender", fault=False))
    assert traffic.firsts() == {"ovh": 100}


def test_slowness_moves_traffic_away() -> None:
    traffic = Traffic()
    traffic.took = SLOW_SECONDS + 1
    traffic.hand_off(30)
    assert traffic.firsts()["ovh"] < 50


@pytest.mark.parametrize("answer", [Accepted("1"), Refused("invalid")])
def test_an_answer_in_time_counts_as_good_conduct(answer: HandoffAnswer) -> None:
    traffic = Traffic()
    traffic.hand_off(200, answer)
    assert traffic.firsts() == {"ovh": 100}


def test_one_number_that_always_fails_moves_next_to_nothing() -> None:
    """07 of the phone network, among others that arrive."""
    traffic = Traffic()
    for _ in range(10):
        traffic.hand_off(1, Unavailable("503"))
        traffic.hand_off(19)
    assert traffic.firsts()["ovh"] >= 99


def test_while_all_are_bad_nothing_moves() -> None:
    traffic = Traffic("ovh:75,aws:25")
    for name in ("ovh", "aws"):
        traffic.hand_off(30, Unavailable("503"), to=name)
    assert traffic.firsts()["ovh"] == pytest.approx(75, abs=3)


def test_each_prefix_has_its_own_weights() -> None:
    traffic = Traffic("ovh:100,aws:0/+262=aws:100")
    assert traffic.firsts() == {"ovh": 100}
    assert traffic.firsts(LINE._replace(phone="+262692123456")) == {"aws": 100}


def test_weights_that_name_no_provider_of_ours_stop_the_start() -> None:
    with pytest.raises(ValueError, match="acme"):
        Traffic("ovh:100,acme:1")


def test_providers_are_found_by_name_and_asked_through() -> None:
    traffic = Traffic()
    traffic.ovh.receipts["1"] = Receipt("ovh", "1", "delivered", "1/4", "M-1")
    found = traffic.registry.named("ovh")

    assert found is not None
    assert (found.name, found.can_be_asked) == ("ovh", False)
    assert found.find("1") == found.find_by_message_id("M-1") == traffic.ovh.receipts["1"]
    assert traffic.registry.named("simulated") is traffic.simulated
    assert traffic.registry.named("acme") is None


# ------------------------------------------------------------------ the registry


class Known:
    """Implements `ProviderContext`: every key and setting is there, and named after itself."""

    def keys(self, *names: str) -> tuple[str, ...]:
        return names

    def setting(self, name: str) -> str:
        return f"http://127.0.0.1:9/{name}"

    def aws_client(self, service: str, endpoint: str) -> Any:
        raise LookupError(service + endpoint)


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_every_kind_makes_a_provider_of_its_name_that_raises_nothing(name: str) -> None:
    provider = PROVIDERS[name].build(Known())

    assert provider.name == name
    assert isinstance(provider.hand_off(SMS), Unavailable)


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_every_caller_s_receipts_carry_its_name_and_codes_it_knows(name: str) -> None:
    parser = PARSERS[name]
    receipt = parser.parse(ReceiptCall({"id": "5", "description": "1", "ptt": "4"}))

    assert receipt is not None
    assert receipt.provider == name
    assert parser.is_known(receipt.code)
    assert not parser.is_known("999/999")
    assert parser.parse(ReceiptCall({}, b"{}")) is None
