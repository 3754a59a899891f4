"""`make smoke`: whether a deployed stack does its main job, from outside: page, sign-in, estimate, one SMS, receipt.

`URL` is where people reach it, `PHONE` a phone at hand whose consent the school of `TOKEN` has recorded. `TOKEN` is an
access token of one of the school's senders or managers; a local stack makes one itself, for `SCHOOL`. The receipt is
awaited for `WAIT` seconds. Exit 1 at the first thing that is not as it should be, 2 if a setting cannot be used.
"""

from __future__ import annotations

import html
import json
import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from urllib3.exceptions import HTTPError

from local.machine.settings import UnusableSetting
from local.players.client import Answer, Client

ANSWER_SECONDS = 35.0
"""API Gateway gives up after 30."""
WAIT_SECONDS = 300
PAUSE_SECONDS = 2.0
TEXT = "Essai du service SMS de Skolengo, {at:%d/%m/%Y %H:%M:%S} UTC. Il n'y a rien a faire."
"""One SMS; the time makes each run another text, because one repeated to a phone is refused as a duplicate."""

LOCAL_SCHOOL = "0750655E"
"""The school that `make run DEMO=1` prepares, and `make order` supplies."""
UNUSABLE = 2


class Wrong(Exception):
    """The stack is not as it should be; the message says what, and where to look."""


@dataclass
class Smoke:
    """One run against the stack of `client`; `say` gets a line for each thing that is right."""

    client: Client
    phone: str
    say: Callable[[str], None]
    wait_seconds: float = WAIT_SECONDS
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    pause: Callable[[float], None] = time.sleep

    def run(self, token: str, school: str) -> None:
        """Everything, cheapest first. Without a `token` one is asked of a local stack. Raises `Wrong`."""
        self._healthy()
        settings = self._page()
        self._issuer(str(settings["issuer"]))
        token = token or self._local_token(settings, school)
        self._signed_in(token)
        text = TEXT.format(at=self.now())
        self._estimate(token, text)
        self._delivered(token, self._send(token, text))

    def _call(self, method: str, path: str, body: object = None, **others: Any) -> Answer:
        try:
            return self.client.call(method, path, body, **others)
        except HTTPError as error:
            raise Wrong(
                f"{method} {path}: no answer ({type(error).__name__}): is URL right, does its name resolve?"
            ) from error

    def _expect(self, status: int, answer: Answer, what: str) -> Answer:
        if answer.status != status:
            raise Wrong(f"{what}: {answer.status} instead of {status}{_reason(answer)}")
        return answer

    def _healthy(self) -> None:
        state = self._expect(200, self._call("GET", "/healthz"), "GET /healthz").json.get("status")
        if state == "maintenance":
            raise Wrong("GET /healthz: maintenance is on, so sends are refused: make maintenance STATE=OFF first")
        self.say("GET /healthz: ok")

    def _page(self) -> Mapping[str, Any]:
        """The console's settings, once its page and the files named in it are there."""
        page = self._expect(200, self._call("GET", "/"), "the console's page").body.decode()
        assets = re.findall(r'"(/assets/[^"]+)"', page)
        found = re.search(r'data-settings="([^"]*)"', page)
        if not assets or not found:
            raise Wrong("the console's page: it is not ours, or not built: is URL right?")
        for asset in assets:
            self._expect(200, self._call("GET", asset), f"file of the page {asset}")
        self.say(f"the console's page, with {len(assets)} files")
        settings: dict[str, Any] = json.loads(html.unescape(found[1]))
        return settings

    def _issuer(self, issuer: str) -> None:
        """Where the page sends people to sign in."""
        known = Client(issuer, 0, read_seconds=ANSWER_SECONDS)
        try:
            answer = known.call("GET", "/.well-known/openid-configuration")
        except HTTPError as error:
            raise Wrong(f"sign-in: {issuer} does not answer ({type(error).__name__})") from error
        found = self._expect(200, answer, f"sign-in: the configuration of {issuer}").json
        missing = [each for each in ("authorization_endpoint", "token_endpoint", "jwks_uri") if each not in found]
        if found.get("issuer") != issuer or missing:
            raise Wrong(f"sign-in: {issuer} calls itself {found.get('issuer')}, or lacks {missing}: see JwtIssuer")
        self.say(f"sign-in at {issuer}")

    def _local_token(self, settings: Mapping[str, Any], school: str) -> str:
        if not settings.get("embedded"):
            raise Wrong("say TOKEN=…, an access token of a sender of the test school: only a local stack makes its own")
        who = {"sub": "make-smoke", "email": "smoke@ecole.test", "school": school, "roles": ["sms_sender"]}
        return str(
            self._expect(200, self._call("POST", "/local/tokens", who), "a token of the local issuer").json["token"]
        )

    def _signed_in(self, token: str) -> None:
        self._expect(401, self._call("GET", "/v1/me"), "GET /v1/me without a token")
        me = self._expect(200, self._call("GET", "/v1/me", token=token), "GET /v1/me with the token").json
        if not me["may_send"]:
            raise Wrong(f"the token may not send: {me['why_not']}: {me['why_not_detail']}")
        self.say(f"a token is asked for, and this one may send for {me['school']['uai']}")

    def _estimate(self, token: str, text: str) -> None:
        body = {"text": text, "recipients": [{"phone": self.phone}]}
        estimate = self._expect(200, self._call("POST", "/v1/estimates", body, token=token), "the estimate").json
        [recipient] = estimate["per_recipient"]
        if refused := recipient.get("refused"):
            raise Wrong(
                f"the estimate: PHONE is refused ({refused}): record its consent first, if that is what it lacks"
            )
        if estimate["sms_count"] != 1:
            raise Wrong(f"the estimate: {estimate['sms_count']} SMS for a text of one")
        self.say(f"the estimate: {estimate['cost_sms']} SMS")

    def _send(self, token: str, text: str) -> str:
        """Ask twice under one key, as a caller does whose line broke; the id of the one request."""
        body, key = {"text": text, "recipients": [{"phone": self.phone}]}, {"Idempotency-Key": f"smoke-{uuid4()}"}
        posted = [self._call("POST", "/v1/send-requests", body, token=token, headers=key) for _ in range(2)]
        first, again = [self._expect(202, each, "the request to send").json["id"] for each in posted]
        if first != again:
            raise Wrong(f"asked twice under one Idempotency-Key, it is two requests: {first}, {again}")
        self.say(f"accepted once, however often it is asked for: {first}")
        return str(first)

    def _delivered(self, token: str, request: str) -> None:
        """Until its receipt is there: its status is what the provider says, by way of all queues."""
        for _ in range(max(1, int(self.wait_seconds / PAUSE_SECONDS))):
            shown = self._expect(200, self._call("GET", f"/v1/send-requests/{request}", token=token), "its status").json
            if shown["state"] == "finished":
                break
            self.pause(PAUSE_SECONDS)
        totals = shown["totals"]
        if totals != {"delivered": 1}:
            when = "in the end" if shown["state"] == "finished" else f"after {self.wait_seconds:g} s"
            raise Wrong(f"{when} it is {totals}: {_hint(totals)}; make trace REQUEST={request}")
        self.say("delivered, by the provider's receipt")


def _reason(answer: Answer) -> str:
    """The words of a problem, without the request's; API Gateway has them in `message`."""
    try:
        said = answer.json
    except ValueError:
        return ""
    known = said if isinstance(said, dict) else {}
    refused = "; ".join(f"{each['code']}: {each['detail']}" for each in known.get("refused", ()))
    words = (known.get("code"), known.get("detail") or known.get("message"), refused)
    return "".join(f", {each}" for each in words if each)


def _hint(totals: Mapping[str, int]) -> str:
    """Where to look, by the status in which a message stays."""
    if "sent" in totals:
        return "the provider took it, no receipt came: see the receipt URL at the provider, and the phone"
    if "queued" in totals:
        return "no provider took it: see the providers' secret, their credit, make status"
    return "see what the provider says of the number"


def settings_of(environ: Mapping[str, str]) -> tuple[str, str, int]:
    """Address, phone and seconds to wait. Raises `UnusableSetting`."""
    url, phone, wait = (
        environ.get("URL", "").rstrip("/"),
        environ.get("PHONE", ""),
        environ.get("WAIT") or str(WAIT_SECONDS),
    )
    if not re.fullmatch(r"https://[^/\s]+|http://127\.0\.0\.1:\d+", url):
        raise UnusableSetting(
            "say which stack: make smoke URL=https://sms.example.org PHONE=+336… (or http://127.0.0.1:3000)"
        )
    if not re.fullmatch(r"\+?[\d ]{8,20}", phone):
        raise UnusableSetting("say which phone gets the SMS: make smoke URL=… PHONE=+336…")
    if not re.fullmatch(r"[1-9]\d{0,4}", wait):
        raise UnusableSetting(f"WAIT={wait} is no number of seconds")
    return url, phone, int(wait)


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Test as the settings say; the exit code."""
    try:
        url, phone, wait = settings_of(environ)
        smoke = Smoke(
            Client(url, 0, read_seconds=ANSWER_SECONDS), phone, lambda line: print(f"ok      {line}", flush=True), wait
        )
        smoke.run(environ.get("TOKEN", ""), environ.get("SCHOOL") or LOCAL_SCHOOL)
    except UnusableSetting as error:
        print(f"error: {error}", file=sys.stderr)
        return UNUSABLE
    except Wrong as error:
        print(f"FAILED  {error}", flush=True)
        return 1
    print("the stack does its main job")
    return 0


if __name__ == "__main__":
    sys.exit(main())
