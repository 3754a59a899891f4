"""Schools, what the operator publishes and issued order forms in the accounts table."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from schoolsms.adapters.dynamodb.accounts.school_changes import ruled_from
from schoolsms.adapters.dynamodb.accounts.subscriptions import ends_from
from schoolsms.adapters.dynamodb.client.items import (
    ConditionFailed,
    Item,
    from_wire,
    instant,
    iso,
    own_cursor,
    to_wire,
    translated,
)
from schoolsms.adapters.s3 import DocumentStore
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.order_forms import IssuedForm
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST, Pack
from schoolsms.domain.schools.schools import Address, Manager, School
from schoolsms.domain.schools.subscription_ends import EndChanged

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import UpdateItemInputTypeDef

PAGE = 100
_CURSOR = re.compile(r"[0-9]{7}[A-Z]")


class DynamoSchools:
    """Implements the port `Schools`: `SCHOOL#<uai>` / `PROFILE`, listed under `SCHOOLS`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def get(self, uai: str) -> School | None:
        with translated():
            found = self._client.get_item(TableName=self._table, Key=to_wire(_profile(uai)), ConsistentRead=True).get(
                "Item"
            )
        return _school(from_wire(found)) if found else None

    def put(self, school: School, known_end: date | None = None) -> bool:
        registered = {name: value for name, value in _item(school).items() if name not in ("pk", "sk")}
        values = {f":{name}": value for name, value in registered.items()} | {":state": school.state}
        # What acts made of it stays as it is: a change never undoes a suspension, nor what was accepted (R27).
        assignments = [*(f"#{name} = :{name}" for name in registered), "#state = if_not_exists(#state, :state)"]
        update: UpdateItemInputTypeDef = {
            "TableName": self._table,
            "Key": to_wire(_profile(school.uai)),
            "UpdateExpression": "SET " + ", ".join(assignments),
            "ExpressionAttributeNames": {f"#{name}": name for name in (*registered, "state")},
            "ReturnValues": "ALL_OLD",
        }
        if known_end:
            update["ConditionExpression"] = "subscription_end = :known_end"
            values[":known_end"] = known_end.isoformat()
        update["ExpressionAttributeValues"] = to_wire(values)
        try:
            with translated():
                before = self._client.update_item(**update)
        except ConditionFailed:
            raise EndChanged from None
        return "Attributes" not in before

    def all(self, cursor: str | None) -> Slice[School]:
        after = own_cursor(cursor, _CURSOR) or "0"
        with translated():
            answer = self._client.query(
                TableName=self._table,
                IndexName="listing",
                KeyConditionExpression="list_pk = :schools AND list_sk > :after",
                ExpressionAttributeValues=to_wire({":schools": "SCHOOLS", ":after": after}),
                Limit=PAGE,
            )
        found = [_school(from_wire(wire)) for wire in answer["Items"]]
        return Slice(found, found[-1].uai if "LastEvaluatedKey" in answer else None)


class DynamoPriceList:
    """Implements the port `PriceList`: `PRICES` / `CURRENT`, else the price list the service ships with."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def packs(self) -> tuple[Pack, ...]:
        with translated():
            found = self._client.get_item(
                TableName=self._table, Key=to_wire({"pk": "PRICES", "sk": "CURRENT"}), ConsistentRead=True
            ).get("Item")
        return _packs(from_wire(found)["packs"]) if found else DEFAULT_PRICE_LIST

    def publish(self, packs: tuple[Pack, ...]) -> None:
        item = {"pk": "PRICES", "sk": "CURRENT", "packs": [[each.id, each.sms, each.price_ht_cents] for each in packs]}
        with translated():
            self._client.put_item(TableName=self._table, Item=to_wire(item))


class DynamoClosures:
    """Implements the port `Closures`: `CLOSURES` / `CURRENT`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def days(self) -> frozenset[date]:
        with translated():
            found = self._client.get_item(
                TableName=self._table, Key=to_wire({"pk": "CLOSURES", "sk": "CURRENT"}), ConsistentRead=True
            ).get("Item")
        return frozenset(map(date.fromisoformat, from_wire(found)["days"])) if found else frozenset()

    def publish(self, days: frozenset[date]) -> None:
        item = {"pk": "CLOSURES", "sk": "CURRENT", "days": [day.isoformat() for day in sorted(days)]}
        with translated():
            self._client.put_item(TableName=self._table, Item=to_wire(item))


class DynamoTrustedSigners:
    """Implements the port `TrustedSigners`: `TRUSTED_SIGNERS` / `CURRENT`; nobody until a list is published."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def certificates(self) -> tuple[str, ...]:
        with translated():
            found = self._client.get_item(
                TableName=self._table, Key=to_wire({"pk": "TRUSTED_SIGNERS", "sk": "CURRENT"}), ConsistentRead=True
            ).get("Item")
        return tuple(from_wire(found)["certificates"]) if found else ()

    def publish(self, certificates: Sequence[str]) -> None:
        item = {"pk": "TRUSTED_SIGNERS", "sk": "CURRENT", "certificates": list(certificates)}
        with translated():
            self._client.put_item(TableName=self._table, Item=to_wire(item))


class DynamoIssuedForms:
    """Implements the port `IssuedForms`: `ORDER#<id>` / `FORM`, the PDF beside in the documents bucket."""

    def __init__(self, client: "DynamoDBClient", table: str, documents: DocumentStore) -> None:
        self._client = client
        self._table = table
        self._documents = documents

    def put(self, form: IssuedForm, document: bytes) -> None:
        # The PDF first: a form that is known always has its PDF.
        self._documents.put(_document_key(form.order_id), document, "application/pdf")
        item = {
            "pk": f"ORDER#{form.order_id}",
            "sk": "FORM",
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
            "issued_at": iso(form.issued_at),
        }
        try:
            with translated():
                self._client.put_item(
                    TableName=self._table, Item=to_wire(item), ConditionExpression="attribute_not_exists(pk)"
                )
        except ConditionFailed:
            # Most likely our own write, tried again after its answer was lost: the next try gets a number of its own.
            raise TransientError("a form of that number is there") from None

    def get(self, order_id: str) -> IssuedForm | None:
        with translated():
            found = self._client.get_item(
                TableName=self._table, Key=to_wire({"pk": f"ORDER#{order_id}", "sk": "FORM"}), ConsistentRead=True
            ).get("Item")
        if not found:
            return None
        item = from_wire(found)
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
            issued_at=instant(item["issued_at"]),
        )

    def document(self, order_id: str) -> bytes:
        return self._documents.get(_document_key(order_id))


def _document_key(order_id: str) -> str:
    return f"issued/{order_id}.pdf"


def _packs(stored: list[list[object]]) -> tuple[Pack, ...]:
    return tuple(Pack(str(pack_id), int(str(sms)), int(str(cents))) for pack_id, sms, cents in stored)


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
        **ruled_from(item),
        **ends_from(item),
    )
