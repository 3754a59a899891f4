"""`make order`: a school orders SMS from the running stack, as it would by hand: form, pen, mail, credit.

Settings, beside `PORT` and `SMTP_PORT` of the stack: `SCHOOL` (a UAI; a school that is not registered yet is made up)
and `PACKS` (`P1000=1` unless said otherwise, several with a comma or a space between them).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from urllib3.exceptions import HTTPError

from local.machine.settings import UnusableSetting, read_settings
from local.players import paper
from local.players.client import Answer, Client, InVain, Person, eventually, mail_with
from local.players.school import siret_of
from local.stack.pages.personas import OPERATOR, OTHER_SCHOOL, SCHOOL, DemoSchool, manager_of

CREDIT_SECONDS = 300.0
DONE = ("credited", "review", "incomplete", "rejected")


class OrderFailed(Exception):
    """The order did not end in a credit; the message says in one line why."""


def packs_of(text: str) -> dict[str, str]:
    """`P1000=2,P500=1` by pack; raises `UnusableSetting`."""
    packs = {}
    for item in re.split(r"[\s,]+", text.strip()):
        found = re.fullmatch(r"(\w+)=([1-9]\d{0,3})", item)
        if not found:
            raise UnusableSetting(f'PACKS={text} is no order: write it as PACKS="P1000=2"')
        packs[found[1]] = found[2]
    return packs


def school_of(uai: str) -> DemoSchool:
    """The made-up school that is registered under `uai`; raises `UnusableSetting`."""
    for known in (SCHOOL, OTHER_SCHOOL):
        if known.uai == uai:
            return known
    if not re.fullmatch(r"\d{3}\d{4}[A-Z]", uai):
        raise UnusableSetting(f"SCHOOL={uai} is no UAI: seven digits and a letter, as {SCHOOL.uai}")
    email = f"gestion@{uai.lower()}.ecole.test"
    return replace(SCHOOL, uai=uai, siret=siret_of(int(uai[3:7])), name="Collège d’essai", email=email)


def place_order(client: Client, school: DemoSchool, packs: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Order, and wait until it is credited; raises `OrderFailed`."""
    operator = _person(client, OPERATOR.claims)
    manager = _manager(client, operator, school, say)
    form = _expect(manager.get("/v1/order-form", **packs), 200)
    wanted = ", ".join(f"{count} × {pack}" for pack, count in packs.items())
    say(f"{manager.email} downloads an order form for {wanted} ({len(form.body):,} bytes)")
    today = datetime.now(ZoneInfo("Europe/Paris")).strftime("%d/%m/%Y")
    written = {"contact_role": "Gestionnaire", "place_and_date": f"Paris, le {today}"}
    signed = paper.ink(paper.fill(form.body, written))
    say("fills it in, ticks the conditions, signs in the frame with a pen")
    before = {order["id"] for order in manager.all("/v1/orders")}
    client.mail(mail_with(signed, sender=manager.email), manager.email)
    say("mails it to the order inbox")
    order = _await_end(manager, before)
    if order["state"] != "credited":
        raise OrderFailed(not_credited(_expect(operator.get(f"/v1/orders/{order['id']}"), 200).json, client.url))
    balance = _expect(manager.get("/v1/balance"), 200).json["balance"]
    say(f"order {order['id']} is credited: {order['sms']:,} SMS for {order['total_ttc']} € TTC; {balance:,} in stock")


def not_credited(order: Mapping[str, Any], url: str) -> str:
    """Why an order is not credited, as the operator sees it, and who goes on from there."""
    reasons = "; ".join(reason["detail"] for reason in order["reasons"]) or "no reason given"
    said = f"order {order['id']} is {order['state']}: {reasons}"
    if order["state"] != "review":
        return said
    return (
        f"{said}. The operator has to decide it, by {order['deadline']}: {url}/operateur/commandes/{order['id']}, or "
        f"POST /v1/orders/{order['id']}/decision as {OPERATOR.claims['email']}"
    )


def _manager(client: Client, operator: Person, school: DemoSchool, say: Callable[[str], None]) -> Person:
    """The first manager of the school, which is registered if it is not yet."""
    found = operator.get(f"/v1/schools/{school.uai}")
    if found.status == 404:
        year = datetime.now(UTC).year + 1
        found = _expect(operator.put(f"/v1/schools/{school.uai}", school.registration(f"{year}-08-31")), 201)
        say(f"the operator registers {school.name}, {school.uai}, with {school.manager} <{school.email}>")
    registered = _expect(found, 200, 201).json
    email = registered["managers"][0]["email"]
    say(f"school {school.uai}: {registered['name']}")
    return _person(client, manager_of(school).claims | {"email": email})


def _await_end(manager: Person, before: set[str]) -> dict[str, Any]:
    """The order that was not there before, once nothing more happens to it by itself."""

    def ended() -> dict[str, Any] | None:
        orders = [order for order in manager.all("/v1/orders") if order["id"] not in before]
        return next((order for order in orders if order["state"] in DONE), None)

    try:
        found: dict[str, Any] | None = eventually(ended, CREDIT_SECONDS)
    except InVain:
        raise OrderFailed(f"nothing was credited within {CREDIT_SECONDS:.0f} s; see /local/outbox") from None
    assert found
    return found


def _person(client: Client, claims: Mapping[str, Any]) -> Person:
    return client.person(claims["sub"], claims["email"], claims["school"], *claims["roles"])


def _expect(answer: Answer, *statuses: int) -> Answer:
    if answer.status not in statuses:
        raise OrderFailed(f"the service answered {answer.status}: {_detail(answer)}")
    return answer


def _detail(answer: Answer) -> str:
    """Return the service's words about a refusal, in one line."""
    try:
        return str(answer.json["detail"])
    except (ValueError, LookupError, TypeError):
        return " ".join(answer.body.decode(errors="replace").split())[:300]


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Order as the settings say; the exit code."""
    try:
        settings = read_settings(environ)
    except UnusableSetting as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    try:
        school, packs = school_of(environ.get("SCHOOL") or SCHOOL.uai), packs_of(environ.get("PACKS") or "P1000=1")
        place_order(
            Client(settings.url, settings.smtp_port), school, packs, lambda text: print(f"  {text}", flush=True)
        )
    except (UnusableSetting, OrderFailed) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (HTTPError, OSError):
        where = f"PORT={settings.port} and SMTP_PORT={settings.smtp_port}"
        print(f"error: no stack answers at {where}: start one with make run, or name another", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
