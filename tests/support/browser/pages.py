"""Every page of the console as somebody sees it: `make screenshots` takes its pictures, a test runs axe over it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from playwright.sync_api import Page

from local.players.client import Client, Person
from local.stack.pages.personas import OPERATOR, SCHOOL, TEACHER, Persona, manager_of
from tests.support.browser.visitor import Visitor

MANAGER = manager_of(SCHOOL)


class Shown(NamedTuple):
    """A page. `address` may be found out from the stack, for pages that have an id in it; `act` fills it in."""

    name: str
    persona: Persona
    address: str | Callable[[Client], str]
    act: Callable[[Page], object] | None = None

    def show(self, visitor: Visitor, client: Client) -> None:
        """Open it for `visitor`, who is `persona`."""
        page = visitor.open(self.address if isinstance(self.address, str) else self.address(client))
        if self.act:
            self.act(page)


def _write(page: Page) -> None:
    page.wait_for_selector("select:enabled")
    page.get_by_label("Votre message").fill(
        "Bonjour ((prenom)), le collège sera fermé vendredi. Les élèves de l’internat sont attendus dès dimanche soir."
    )


def _maintenance(page: Page) -> None:
    """The service says so while the page is open."""
    page.route("**/healthz", lambda route: route.fulfill(json={"status": "maintenance"}))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_text("Le service est en maintenance").wait_for()
    page.unroute("**/healthz")


PAGES = (
    Shown("ecrire", TEACHER, "/ecrire", _write),
    Shown("envois", MANAGER, "/envois"),
    Shown("mes-envois", TEACHER, "/envois"),
    Shown("envoi", MANAGER, lambda client: _a_request(client, "finished", "accepted")),
    Shown("envoi-programme", MANAGER, lambda client: _a_request(client, "scheduled")),
    Shown("modeles", MANAGER, "/modeles"),
    Shown("modele", MANAGER, "/modeles/modele/Absence"),
    Shown("stock", MANAGER, "/stock"),
    Shown("stock-journal", MANAGER, "/stock/journal"),
    Shown("commander", MANAGER, "/commander"),
    Shown("commande", MANAGER, lambda client: f"/commander/{_first(client, '/v1/orders')['id']}"),
    Shown("historique", MANAGER, "/historique"),
    Shown("message", MANAGER, lambda client: f"/historique/{_first(client, '/v1/history')['message_id']}"),
    Shown("destinataires", MANAGER, "/destinataires"),
    Shown("importer", MANAGER, "/destinataires/importer"),
    Shown("reponses", MANAGER, "/destinataires/reponses"),
    Shown("fiche", MANAGER, lambda client: f"/destinataires/{_first(client, '/v1/consents')['phone']}"),
    Shown("reglages", MANAGER, "/reglages"),
    Shown("reglages-pays", MANAGER, "/reglages/pays"),
    Shown("reglages-suspendus", MANAGER, "/reglages/envois-suspendus"),
    Shown("aide", TEACHER, "/aide"),
    Shown("aide-gestionnaire", MANAGER, "/aide"),
    Shown("composants", MANAGER, "/composants"),
    Shown("acces-reserve", TEACHER, "/stock"),
    Shown("maintenance", MANAGER, "/stock", _maintenance),
    Shown("operateur", OPERATOR, "/operateur"),
    Shown("operateur-commandes", OPERATOR, "/operateur/commandes"),
    Shown("operateur-examen", OPERATOR, lambda client: f"/operateur/commandes/{_in_review(client)}"),
    Shown("operateur-etablissements", OPERATOR, "/operateur/etablissements"),
    Shown("operateur-nouveau", OPERATOR, "/operateur/etablissements/nouveau"),
    Shown("operateur-fiche", OPERATOR, f"/operateur/etablissements/{SCHOOL.uai}"),
    Shown("operateur-manquant", OPERATOR, f"/operateur/etablissements/{SCHOOL.uai}/sms-manquant"),
    Shown("operateur-consultation", OPERATOR, f"/operateur/etablissements/{SCHOOL.uai}/consultation"),
    Shown("operateur-decisions", OPERATOR, f"/operateur/etablissements/{SCHOOL.uai}/decisions"),
    Shown("operateur-factures", OPERATOR, "/operateur/factures?etat=toutes"),
    Shown("operateur-reglages", OPERATOR, "/operateur/reglages"),
    Shown("operateur-sante", OPERATOR, "/operateur/sante"),
    Shown("introuvable", OPERATOR, "/aide/rien"),
)


def _a_request(client: Client, *states: str) -> str:
    """Address of the newest request in one of `states`."""
    items = person(client, MANAGER).get("/v1/send-requests").json["items"]
    return next(f"/envois/{each['id']}" for each in items if each["state"] in states)


def _first(client: Client, route: str) -> dict[str, Any]:
    item: dict[str, Any] = person(client, MANAGER).get(route).items[0]
    return item


def person(client: Client, persona: Persona) -> Person:
    """Somebody who may ask the API for an id: `person(client, MANAGER).get("/v1/send-requests").items[0]["id"]`."""
    return client.person(persona.key, persona.email, persona.school, *persona.roles)


def _in_review(client: Client) -> str:
    order_id: str = person(client, OPERATOR).get("/v1/orders").items[0]["id"]
    return order_id
