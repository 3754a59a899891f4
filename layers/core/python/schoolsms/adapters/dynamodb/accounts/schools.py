"""Schools, what the operator publishes, and issued order forms, in the accounts table."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from schoolsms.adapters.dynamodb.accounts.accepted_texts import text_rows, texts_from_rows
from schoolsms.adapters.dynamodb.accounts.school_changes import decisions_from_item
from schoolsms.adapters.dynamodb.accounts.subscriptions import ends_from
from schoolsms.adapters.dynamodb.client.codec import Item, instant, iso
from schoolsms.adapters.dynamodb.client.errors import ConditionFailed
from schoolsms.adapters.dynamodb.client.table import NEW, Table, TableStore, assignments, validated_cursor
from schoolsms.adapters.s3 import DocumentStore
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.order_forms import IssuedForm
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST, Pack
from schoolsms.domain.schools.schools import Address, Manager, School
from schoolsms.domain.schools.subscription_ends import EndChanged

PAGE = 100
_CURSOR = re.compile(r"[0-9]{7}[A-Z]")


class DynamoSchools(TableStore):
    """Implements the port `Schools`: `SCHOOL#<uai>` / `PROFILE`, listed under `SCHOOLS`."""

    def get(self, uai: str) -> School | None:
        item = self._table.get(_profile(uai))
        return _school(item) if item else None

    def put(self, school: School, known_end: date | None = None) -> bool:
        registered = {name: value for name, value in _item(school).items() if name not in ("pk", "sk")}
        values = registered | {"state": school.state}
        if known_end:
            values["known_end"] = known_end.isoformat()
        try:
            before = self._table.update_returning(
                "ALL_OLD",
                _profile(school.uai),
                # A registration leaves the operator's decisions as they are: it undoes neither a suspension nor an
                # acceptance (R27).
                f"{assignments(registered)}, #state = if_not_exists(#state, :state)",
                "subscription_end = :known_end" if known_end else "",
                values,
            )
        except ConditionFailed:
            raise EndChanged from None
        return before is None

    def all(self, cursor: str | None) -> Slice[School]:
        values = {"schools": "SCHOOLS", "after": validated_cursor(cursor, _CURSOR) or "0"}
        page = self._table.query("list_pk = :schools AND list_sk > :after", values, PAGE, index="listing")
        return page.slice(_school, "list_sk")


class DynamoPriceList(TableStore):
    """Implements the port `PriceList`: `PRICES` / `CURRENT`, else the price list that the service ships with."""

    def packs(self) -> tuple[Pack, ...]:
        item = self._table.get(_current("PRICES"))
        return _packs(item["packs"]) if item else DEFAULT_PRICE_LIST

    def publish(self, packs: tuple[Pack, ...]) -> None:
        stored = [[each.id, each.sms, each.price_ht_cents] for each in packs]
        self._table.put({**_current("PRICES"), "packs": stored})


class DynamoClosures(TableStore):
    """Implements the port `Closures`: `CLOSURES` / `CURRENT`."""

    def days(self) -> frozenset[date]:
        item = self._table.get(_current("CLOSURES"))
        return frozenset(map(date.fromisoformat, item["days"])) if item else frozenset()

    def publish(self, days: frozenset[date]) -> None:
        self._table.put({**_current("CLOSURES"), "days": [day.isoformat() for day in sorted(days)]})


class DynamoTrustedSigners(TableStore):
    """Implements the port `TrustedSigners`: `TRUSTED_SIGNERS` / `CURRENT`; nobody until a list is published."""

    def certificates(self) -> tuple[str, ...]:
        item = self._table.get(_current("TRUSTED_SIGNERS"))
        return tuple(item["certificates"]) if item else ()

    def publish(self, certificates: Sequence[str]) -> None:
        self._table.put({**_current("TRUSTED_SIGNERS"), "certificates": list(certificates)})


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
            "packs": [[pack.id, pack.sms, pack.price_ht_cents] for pack in form.packs],
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
            packs=_packs(item["packs"]),
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


def _packs(stored: list[list[object]]) -> tuple[Pack, ...]:
    return tuple(Pack(str(pack_id), int(str(sms)), int(str(cents))) for pack_id, sms, cents in stored)


def _current(name: str) -> Item:
    return {"pk": name, "sk": "CURRENT"}


def _profile(uai: str) -> Item:
    return {"pk": f"SCHOOL#{uai}", "sk": "PROFILE"}


def _item(school: School) -> Item:
    address = school.address
    return {
        **_profile(school.uai),
        "list_pk": "SCHOOLS",
        "list_sk": school.uai,
        "name": school.name,
        "siret": school.siret,
        "address": {
            "line1": address.line1,
            "line2": address.line2,
            "postcode": address.postcode,
            "city": address.city,
            "country": address.country,
        },
        "managers": [[manager.name, manager.email] for manager in school.managers],
        "subscription_end": school.subscription_end.isoformat(),
        "calendar": school.calendar,
        "country": school.country,
        "vat_rate": str(school.vat_rate),
        "low_balance_threshold": school.low_balance_threshold,
        "sender_name": school.sender_name,
        "daily_limit": school.daily_limit,
        "order_senders": list(school.order_senders),
    }


def _school(item: Item) -> School:
    return School(
        uai=item["list_sk"],
        name=item["name"],
        siret=item["siret"],
        address=Address(**item["address"]),
        managers=tuple(Manager(name, email) for name, email in item["managers"]),
        subscription_end=date.fromisoformat(item["subscription_end"]),
        calendar=item["calendar"],
        country=item["country"],
        vat_rate=Decimal(item["vat_rate"]),
        low_balance_threshold=item["low_balance_threshold"],
        sender_name=item["sender_name"],
        daily_limit=item["daily_limit"],
        order_senders=tuple(item.get("order_senders", ())),
        **decisions_from_item(item),
        **ends_from(item),
    )
