"""Show the operator what came with an order: the form, pictures of what differs, the mail itself (R12)."""

from dataclasses import dataclass

from schoolsms.application.ports.documents import StoredDocuments
from schoolsms.application.ports.orders import Orders
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.orders.documents import LARGEST_ANSWERED, Document, kind_of
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.schools.access import Caller

MAIL = ("message/rfc822", "eml")


@dataclass(frozen=True)
class ReadOrderDocuments:
    """Each raises NotFoundError where there is none."""

    orders: Orders
    documents: StoredDocuments
    mails: StoredDocuments

    def form(self, caller: Caller, order_id: str) -> Document:
        """The document as it was received."""
        order = self._order(caller, order_id)
        if not order.form_key:
            raise NotFoundError("Aucun document n'a été reçu avec cette commande.")
        return _shown(self.documents, order.form_key, f"recu-{order.id}")

    def picture(self, caller: Caller, order_id: str, number: str) -> Document:
        """Return a PNG of one place where the received form differs from the issued one; `number` from 1."""
        order = self._order(caller, order_id)
        by_number = {str(rank): each.picture_key for rank, each in enumerate(order.alterations, 1) if each.picture_key}
        if number not in by_number:
            raise NotFoundError("Cette commande n'a pas d'image à ce numéro.")
        return _shown(self.documents, by_number[number], f"difference-{order.id}-{number}")

    def mail(self, caller: Caller, order_id: str) -> Document:
        """The mail that brought the order to its state, raw, with its attachments."""
        order = self._order(caller, order_id)
        record = self.orders.mail(order.mail_id)
        if record is None:
            raise NotFoundError("Le message de cette commande n'est pas connu.")
        return _shown(self.mails, record.key, f"message-{order.id}", MAIL)

    def _order(self, caller: Caller, order_id: str) -> Order:
        caller.require("operator")
        order = self.orders.get(order_id)
        if order is None:
            raise NotFoundError("Cette commande n'existe pas.")
        return order


def _shown(store: StoredDocuments, key: str, name: str, kind: tuple[str, str] | None = None) -> Document:
    found = store.find(key, LARGEST_ANSWERED)
    if found is None:
        raise NotFoundError("Ce document n'est plus conservé.")
    content_type, extension = kind or kind_of(found.content)
    filename = f"{name}.{extension}"
    if found.size > LARGEST_ANSWERED:
        return Document(content_type, filename, url=store.link(key, content_type, filename))
    return Document(content_type, filename, found.content)
