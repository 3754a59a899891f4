"""Mails that answer an order mail: replies to the school, notices to the operator."""

from typing import Any

from local.players.client import Client, Person, eventually
from local.players.school import SchoolPlayer

OPERATOR_EMAIL = "exploitation@kosmos.test"
INCOMPLETE = "Bon de commande incomplet"
IN_REVIEW = "Bon de commande en cours d'examen"
ALREADY_RECEIVED = "Bon de commande déjà reçu"
CREDITED = "Crédit de SMS activé"


def plain(text: str) -> str:
    """No-break spaces as plain ones, on one line."""
    return " ".join(text.split())


def reply(school: SchoolPlayer) -> str:
    """The text of the one « Bon de commande incomplet » that the manager gets."""
    [mail] = eventually(lambda: school.mails(INCOMPLETE))
    return plain(mail["text"])


def mail_to_operator(client: Client, sender: str) -> str:
    """The mail that asks the operator to look at what `sender` mailed."""

    def naming_sender() -> list[str]:
        texts = [plain(mail["text"]) for mail in client.outbox(OPERATOR_EMAIL)]
        return [text for text in texts if f"Expéditeur : {sender}" in text]

    [text] = eventually(naming_sender)
    return text


def in_review(operator: Person, order_id: str) -> dict[str, Any]:
    """The order as the operator finds it among those to review."""

    def found() -> dict[str, Any] | None:
        orders = operator.all("/v1/orders", state="review")
        return next((order for order in orders if order["id"] == order_id), None)

    order = eventually(found)
    assert order is not None
    return order


def review_of(operator: Person, school: SchoolPlayer) -> dict[str, Any]:
    """The order of `school` that the operator finds among those to review."""
    [order] = eventually(school.orders)
    return in_review(operator, str(order["id"]))


def codes(order: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in order["reasons"]]
