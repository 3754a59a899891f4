"""`make smoke` names the first thing of a deployed stack that is not as it should be (R48)."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from urllib3.exceptions import ConnectTimeoutError

from local.machine.settings import UnusableSetting
from local.operation import smoke
from local.operation.smoke import Smoke, Wrong
from local.players.client import Answer, Client
from schoolsms.domain.texts.sms_text import count

ISSUER = "https://ent.test"
SETTINGS = json.dumps({"issuer": ISSUER, "embedded": False}).replace('"', "&quot;")
PAGE = f'<script src="/assets/console-A.js"></script><body data-settings="{SETTINGS}">'
CONFIGURATION = {"issuer": ISSUER, "authorization_endpoint": "a", "token_endpoint": "t", "jwks_uri": "j"}
PROFILE = {"may_send": True, "school": {"uai": "0750655E"}}

Answers = dict[str, tuple[int, Any]]


def right() -> Answers:
    """Answers of a stack that is as it should be."""
    return {
        "GET /healthz": (200, {"status": "ok"}),
        "GET /": (200, PAGE),
        "GET /assets/console-A.js": (200, "…"),
        "GET /.well-known/openid-configuration": (200, CONFIGURATION),
        "GET /v1/me": (200, PROFILE),
        "POST /v1/estimates": (200, {"sms_count": 1, "cost_sms": 1, "per_recipient": [{"index": 0}]}),
        "POST /v1/send-requests": (202, {"id": "R1"}),
        "GET /v1/send-requests/R1": (200, {"state": "finished", "totals": {"delivered": 1}}),
    }


class FakeClient(Client):
    """Answers as it is told to; without a token the profile is 401, whatever else it is."""

    def __init__(self, answers: Answers) -> None:
        super().__init__("https://sms.test", 0)
        self.answers = answers
        self.open = False
        self.keys: list[str] = []

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        self.keys += (headers or {}).values()
        status, said = self.answers[f"{method} {path}"]
        if status == 0:
            raise ConnectTimeoutError
        if path == "/v1/me" and not token and not self.open:
            status, said = 401, {"message": "Unauthorized"}
        return Answer(status, {}, (said if isinstance(said, str) else json.dumps(said)).encode())


Run = Callable[..., list[str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    def smoked(client: FakeClient, *, signed_in: bool = True) -> list[str]:
        monkeypatch.setattr(smoke, "Client", lambda *_, **__: client)  # the issuer's
        said: list[str] = []
        tested = Smoke(
            client, "+33612345610", said.append, 4, lambda: datetime(2026, 12, 1, tzinfo=UTC), lambda _: None
        )
        tested.run("token" if signed_in else "", "0750655E")
        return said

    return smoked


def test_a_stack_that_is_right_gets_a_line_for_each_thing(run: Run) -> None:
    client = FakeClient(right())
    assert [line.split(":")[0] for line in run(client)] == [
        "GET /healthz",
        "the console's page, with 1 files",
        "sign-in at https",
        "a token is asked for, and this one may send for 0750655E",
        "the estimate",
        "accepted once, however often it is asked for",
        "delivered, by the provider's receipt",
    ]
    assert len(client.keys) == 2
    assert len(set(client.keys)) == 1


@pytest.mark.parametrize(
    ("call", "answer", "named"),
    [
        ("GET /healthz", (0, ""), "no answer .ConnectTimeoutError."),
        ("GET /healthz", (503, {"message": "Service Unavailable"}), "503 instead of 200, Service Unavailable"),
        ("GET /healthz", (200, {"status": "maintenance"}), "maintenance is on"),
        ("GET /", (200, "<h1>Welcome to nginx!</h1>"), "it is not ours, or not built"),
        ("GET /assets/console-A.js", (404, ""), "file of the page /assets/console-A.js: 404"),
        (
            "GET /.well-known/openid-configuration",
            (200, CONFIGURATION | {"issuer": "https://x"}),
            "calls itself https://x",
        ),
        ("GET /.well-known/openid-configuration", (200, {"issuer": ISSUER}), "lacks .'authorization_endpoint', 'token"),
        ("GET /v1/me", (403, {"code": "forbidden", "detail": "Rôle."}), "403 instead of 200, forbidden, Rôle."),
        (
            "GET /v1/me",
            (200, PROFILE | {"may_send": False, "why_not": "subscription-ended", "why_not_detail": "Fini."}),
            "may not send: subscription-ended: Fini.",
        ),
        (
            "POST /v1/estimates",
            (200, {"sms_count": 1, "per_recipient": [{"refused": "no-consent"}]}),
            "PHONE is refused .no-consent.",
        ),
        ("POST /v1/estimates", (200, {"sms_count": 2, "per_recipient": [{}]}), "2 SMS for a text of one"),
        (
            "POST /v1/send-requests",
            (422, {"code": "no-recipient", "refused": [{"code": "duplicate", "detail": "Déjà."}]}),
            "422 instead of 202, no-recipient, duplicate: Déjà.",
        ),
        ("POST /v1/send-requests", (402, {"code": "insufficient-balance"}), "402 instead of 202, insufficient-balance"),
        ("GET /v1/send-requests/R1", (200, {"state": "running", "totals": {"sent": 1}}), "see the receipt URL"),
        ("GET /v1/send-requests/R1", (200, {"state": "running", "totals": {"queued": 1}}), "no provider took it"),
        ("GET /v1/send-requests/R1", (200, {"state": "finished", "totals": {"failed": 1}}), "make trace REQUEST=R1"),
    ],
)
def test_what_is_wrong_is_named(run: Run, call: str, answer: tuple[int, Any], named: str) -> None:
    with pytest.raises(Wrong, match=named):
        run(FakeClient(right() | {call: answer}))


def test_an_api_that_answers_without_a_token_is_wrong(run: Run) -> None:
    client = FakeClient(right())
    client.open = True
    with pytest.raises(Wrong, match="without a token: 200 instead of 401"):
        run(client)


def test_a_request_that_is_two_under_one_key_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    client = FakeClient(right())
    ids = iter(("R1", "R2"))

    def call(method: str, path: str, *args: Any, **others: Any) -> Answer:
        if method == "POST" and path == "/v1/send-requests":
            client.answers["POST /v1/send-requests"] = (202, {"id": next(ids)})
        return FakeClient.call(client, method, path, *args, **others)

    monkeypatch.setattr(client, "call", call)
    with pytest.raises(Wrong, match="it is two requests: R1, R2"):
        run(client)


def test_only_a_local_stack_makes_a_token_itself(run: Run) -> None:
    with pytest.raises(Wrong, match="say TOKEN"):
        run(FakeClient(right()), signed_in=False)


def test_the_text_is_one_sms() -> None:
    assert count(smoke.TEXT.format(at=datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC))).sms_count == 1


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"URL": "http://sms.example.org", "PHONE": "+33612345610"},
        {"URL": "https://sms.example.org/v1", "PHONE": "+33612345610"},
        {"URL": "https://sms.example.org"},
        {"URL": "https://sms.example.org", "PHONE": "my phone"},
        {"URL": "https://sms.example.org", "PHONE": "+33612345610", "WAIT": "long"},
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(UnusableSetting):
        smoke.settings_of(environ)
    assert smoke.main(environ) == 2
