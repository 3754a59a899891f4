"""Show the operator what came with an order: the form, pictures of what differs, the mail itself (R12)."""

from dataclasses import dataclass

from schoolsms.application.orders.reading.operators_order import operators_order
from schoolsms.application.ports.accounts.documents import StoredDocuments
from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.core import MailReader
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.orders.documents import LARGEST_ANSWERED, Document, kind_of
from schoolsms.domain.orders.mails import InboundMail
from schoolsms.domain.schools.access import Caller

MAIL = ("message/rfc822", "eml")


@dataclass(frozen=True)
class ReadOrderDocuments:
    """Each raises NotFoundError where there is none."""

    orders: Orders
    documents: StoredDocuments
    mails: StoredDocuments
    reader: MailReader

    def form(self, caller: Caller, order_id: str) -> Document:
        """The document as it was received."""
        order = operators_order(self.orders, caller, order_id)
        if not order.form_key:
            raise NotFoundError("Aucun document n'a été reçu avec cette commande.")
        return _shown(self.documents, order.form_key, f"recu-{order.id}")

    def picture(self, caller: Caller, order_id: str, number: str) -> Document:
        """Return a PNG of one place where the received form differs from the issued one; `number` from 1."""
        order = operators_order(self.orders, caller, order_id)
        by_number = {str(rank): each.picture_key for rank, each in enumerate(order.alterations, 1) if each.picture_key}
        if number not in by_number:
            raise NotFoundError("Cette commande n'a pas d'image à ce numéro.")
        return _shown(self.documents, by_number[number], f"difference-{order.id}-{number}")

    def mail(self, caller: Caller, order_id: str) -> Document:
        """The mail that brought the order to its state, raw, with its attachments."""
        return _shown(self.mails, self._mail_key(caller, order_id), f"message-{order_id}", MAIL)

    def question(self, caller: Caller, order_id: str) -> InboundMail:
        """The same mail, to read its text (R51)."""
        found = self.mails.find(self._mail_key(caller, order_id), LARGEST_ANSWERED)
        if found is None or found.size > LARGEST_ANSWERED:
            raise NotFoundError("Ce message n'est plus conservé, ou il est trop long : ouvrez le message d'origine.")
        return self.reader.parse(found.content)

    def _mail_key(self, caller: Caller, order_id: str) -> str:
        record = self.orders.mail(operators_order(self.orders, caller, order_id).mail_id)
        if record is None:
            raise NotFoundError("Le message de cette commande n'est pas connu.")
        return record.key


def _shown(store: StoredDocuments, key: str, name: str, kind: tuple[str, str] | None = None) -> Document:
    found = store.find(key, LARGEST_ANSWERED)
    if found is None:
        raise NotFoundError("Ce document n'est plus conservé.")
    content_type, extension = kind or kind_of(found.content)
    filename = f"{name}.{extension}"
    if found.size > LARGEST_ANSWERED:
        return Document(content_type, filename, url=store.link(key, content_type, filename))
    return Document(content_type, filename, found.content)
