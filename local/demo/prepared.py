"""`make run DEMO=1`: the stack with two schools to look at: stock, consents, models, messages, an order in review.

What is there already is left alone, so that a stack may be started like this as often as one likes.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from urllib3.exceptions import HTTPError

from local.demo.order import OrderFailed, place_order
from local.machine.settings import UnusableSetting, read_settings
from local.players.client import Client, InVain, Person, eventually
from local.stack.__main__ import main as run_stack
from local.stack.pages.personas import OTHER_SCHOOL, SCHOOL, TEACHER, Persona, manager_of

FAMILIES = tuple(f"+3361234{number:02}{ending}" for number, ending in enumerate(("10", "20", "50", "11", "12") * 8, 10))
UNUSUAL = ("+33612345601", "+33612345602", "+33612345603", "+33612345604", "+33612345608")
"""Numbers that the simulated network treats in ways of their own: unreachable, without receipt, refused, …"""

TEMPLATES = {
    "Absence": "Bonjour, ((prenom)) est noté absent ce jour. Merci de prendre contact avec la vie scolaire.",
    "Fermeture": "Bonjour ((prenom)), le collège sera fermé ((jour)). Les transports scolaires ne circuleront pas.",
    "Réunion": "Réunion parents-professeurs le ((jour)) à ((heure)). Merci de confirmer votre présence sur l'ENT.",
}


def prepare(client: Client, say: Callable[[str], None]) -> None:
    """Make what is missing. Raises `OrderFailed`, or `HTTPError` if the stack does not answer."""
    manager, teacher = _person(client, manager_of(SCHOOL)), _person(client, TEACHER)
    if not manager.get("/v1/balance").json.get("balance"):
        place_order(client, SCHOOL, {"P1000": "2"}, say)
    _consent(client, manager, (*FAMILIES, *UNUSUAL))
    for name, text in TEMPLATES.items():
        manager.put(f"/v1/templates/{name}", {"text": text})
    _offer_destinations(client, manager)
    _send(teacher, "demo-1", "Les élèves de 6e B n'auront pas cours de sport demain : salle fermée.", FAMILIES[:12])
    closed = "Le collège sera fermé vendredi. Merci de prévenir la cantine."
    _send(manager, "demo-2", closed, (*FAMILIES[:30], *UNUSUAL))
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).replace(hour=7, minute=0, second=0, microsecond=0)
    _send(manager, "demo-3", "Rappel : photo de classe ce matin à 10 h.", FAMILIES[10:25], send_at=tomorrow.isoformat())
    if not _person(client, manager_of(OTHER_SCHOOL)).get("/v1/orders").json.get("items"):
        _order_too_much(client, say)


def _person(client: Client, persona: Persona) -> Person:
    return client.person(persona.key, persona.email, persona.school, *persona.roles)


def _offer_destinations(client: Client, manager: Person) -> None:
    """Something for the manager to accept."""
    if manager.get("/v1/destinations").json.get("version") == 0:
        tariff = {"text": "Tarif Europe 2026, valable jusqu’au 31 août 2027.", "prices": {"BE": "0.0825", "CH": "0.11"}}
        offered = {"BE": {"multiplier": 2}, "CH": {"multiplier": 3}}
        body = {"sending_country": "FR", "destinations": offered, "tariff": tariff}
        client.operator().put(f"/v1/schools/{SCHOOL.uai}/destinations", body)


def _consent(client: Client, manager: Person, phones: Sequence[str]) -> None:
    proof = "J'accepte les SMS de l'établissement.;1;formulaire papier;Secrétariat;01/09/2026"
    heads = "Téléphone;Formulation;Version;Canal;Recueilli par;Recueilli le"
    content = "\r\n".join([heads, *(f"{phone};{proof}" for phone in phones)]).encode("cp1252")
    headers = {"content-type": "application/octet-stream"}
    client.call("POST", "/v1/consents/import", content, token=manager.token, headers=headers)


def _send(person: Person, key: str, text: str, phones: Sequence[str], **more: str) -> None:
    """Send once, however often this is said: the key is the same each time. Raises `OrderFailed`."""
    body = {"text": text, "recipients": [{"phone": phone} for phone in phones], **more}
    answer = person.post("/v1/send-requests", body, idempotency_key=key)
    if answer.status not in (202, 409, 422):  # another body or a past hour: it was sent on another day
        raise OrderFailed(f"nothing was sent: {answer.status} {answer.body.decode()}")


def _order_too_much(client: Client, say: Callable[[str], None]) -> None:
    """An order above what a school orders in a day goes to review: something for the operator to decide."""
    try:
        place_order(client, OTHER_SCHOOL, {"P10000": "8"}, say)
    except OrderFailed:
        say(f"the order of {OTHER_SCHOOL.name} waits for the operator")


def _prepare_when_ready() -> None:
    settings = read_settings()
    client = Client(settings.url, settings.smtp_port)

    def healthy() -> bool:
        try:
            return client.call("GET", "/healthz").status == 200
        except HTTPError:
            return False

    try:
        eventually(healthy)
        prepare(client, lambda text: print(f"  {text}", flush=True))
        print(f"demo: a school to look at is ready: {settings.url}/", flush=True)
    except (InVain, OrderFailed, HTTPError, OSError) as error:
        print(f"demo: {error}", flush=True)


if __name__ == "__main__":
    try:
        read_settings()
    except UnusableSetting as unusable:
        print(f"error: {unusable}", file=sys.stderr)
        sys.exit(1)
    threading.Thread(target=_prepare_when_ready, daemon=True).start()
    sys.exit(run_stack())
