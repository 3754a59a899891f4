"""Issued order forms: `ORDER#<id>` / `FORM` in the accounts table, their PDFs in the documents bucket."""

from decimal import Decimal

from schoolsms.adapters.dynamodb.accounts.orders.form_rows import pack_rows, packs_from_rows, text_rows, texts_from_rows
from schoolsms.adapters.dynamodb.client.codec import Item, instant, iso
from schoolsms.adapters.dynamodb.client.table import NEW, Table
from schoolsms.adapters.s3.documents import DocumentStore
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.forms.order_forms import IssuedForm


class DynamoIssuedForms:
    """Implements the port `IssuedForms`: `ORDER#<id>` / `FORM`, its PDF in the documents bucket."""

    def __init__(self, table: Table, documents: DocumentStore) -> None:
        self._table = table
        self._documents = documents

    def put(self, form: IssuedForm, document: bytes) -> None:
        # The PDF first, because a form that is known must have its PDF.
        self._documents.put(_document_key(form.order_id), document, "application/pdf")
        item = {
            **_form_key(form.order_id),
            "school": form.uai,
            "siret": form.siret,
            "school_name": form.school_name,
            "address": form.address,
            "contact_name": form.contact_name,
            "contact_email": form.contact_email,
            "packs": pack_rows(form.packs),
            "quantities": dict(form.quantities),
            "vat_rate": str(form.vat_rate),
            "school_year": form.school_year,
            "conditions_version": form.conditions_version,
            "texts": text_rows(form.texts),
            "issued_at": iso(form.issued_at),
        }
        if not self._table.try_put(item, NEW):
            # Most likely our own write, repeated because its answer was lost. The next try takes another number.
            raise TransientError("a form of that number exists already")

    def get(self, order_id: str) -> IssuedForm | None:
        item = self._table.get(_form_key(order_id))
        if not item:
            return None
        return IssuedForm(
            order_id=order_id,
            uai=item["school"],
            siret=item["siret"],
            school_name=item["school_name"],
            address=item["address"],
            contact_name=item["contact_name"],
            contact_email=item["contact_email"],
            packs=packs_from_rows(item["packs"]),
            quantities=item["quantities"],
            vat_rate=Decimal(item["vat_rate"]),
            school_year=item["school_year"],
            conditions_version=item["conditions_version"],
            texts=texts_from_rows(item.get("texts", ())),
            issued_at=instant(item["issued_at"]),
        )

    def document(self, order_id: str) -> bytes:
        return self._documents.get(_document_key(order_id))


def _form_key(order_id: str) -> Item:
    return {"pk": f"ORDER#{order_id}", "sk": "FORM"}


def _document_key(order_id: str) -> str:
    return f"issued/{order_id}.pdf"
