"""Orders, the mails that brought them and the notices sent, in the accounts table."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from schoolsms.adapters.dynamodb.accounts.ledger import transacted
from schoolsms.adapters.dynamodb.client.items import (
    ConditionFailed,
    Item,
    from_wire,
    instant,
    iso,
    optional_instant,
    own_cursor,
    to_wire,
    translated,
)
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.order_reasons import from_dicts, to_dicts
from schoolsms.domain.orders.orders import REPLACEABLE, Alteration, Decision, Delivery, MailRecord, Order, OrderState
from schoolsms.domain.orders.packs import Pack
from schoolsms.domain.orders.unusual_orders import LatelyMade, MadeOrder, OrderedMeanwhile
from schoolsms.domain.orders.working_time import DayOff

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

PAGE = 50
ROUNDS = 5
_CURSOR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z#[A-Z0-9-]{1,64}")


class DynamoOrders:
    """Implements the port `Orders`: `ORDER#<id>` / `ORDER`, listed by state and by school; `MAIL#<id>` / `MAIL`.

    The lists are a moment behind. `ORDER#OF-<uai>` / `LATELY` is not: it is written with each accepted order.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def get(self, order_id: str) -> Order | None:
        item = self._get({"pk": f"ORDER#{order_id}", "sk": "ORDER"})
        return _order(item) if item else None

    def record(self, order: Order, seen: str = "", lately: LatelyMade | None = None) -> Order:
        if order.state != "accepted":
            return self._written(order, seen, [])
        for _ in range(ROUNDS):
            known = lately or self.lately_made(order.school)
            try:
                return self._written(order, seen, [_lately_item(self._table, order, known)])
            except OrderedMeanwhile:
                if lately is not None:
                    raise
        raise TransientError("too many orders of one school at once")

    def lately_made(self, uai: str) -> LatelyMade:
        item = self._get(_lately_key(uai))
        if not item:
            return LatelyMade()
        made = [MadeOrder(order_id, instant(at), ht_cents) for order_id, at, ht_cents in item["orders"]]
        return LatelyMade(item["version"], tuple(made))

    def _written(self, order: Order, seen: str, beside: "Sequence[TransactWriteItemTypeDef]") -> Order:
        """`order`, written together with what is `beside` it; else the order that stands. Raises OrderedMeanwhile."""
        refused = transacted(self._client, [_if_it_may_follow(self._table, order, seen), *beside])
        if refused is None:
            return order
        if refused[0]:
            standing = self.get(order.id)
            if standing is None:
                raise TransientError("an order vanished between two reads")
            return standing
        if any(refused):
            raise OrderedMeanwhile
        raise TransientError("DynamoDB: conflicting transactions")

    def of_school(self, uai: str, cursor: str | None) -> Slice[Order]:
        return self._list("school_listing", "school_list_pk", f"ORDERS#{uai}", cursor, oldest_first=False)

    def in_state(self, state: OrderState, cursor: str | None) -> Slice[Order]:
        return self._list("listing", "list_pk", f"ORDERS#{state}", cursor, oldest_first=True)

    def first_delivery(self, content_id: str, delivery: Delivery) -> Delivery:
        key = {"pk": f"MAIL#OF-{content_id}", "sk": "FIRST"}
        item = {**key, "key": delivery.key, "at": iso(delivery.at)}
        try:
            with translated():
                self._client.put_item(
                    TableName=self._table, Item=to_wire(item), ConditionExpression="attribute_not_exists(pk)"
                )
        except ConditionFailed:
            item = self._get(key) or item
        return Delivery(item["key"], instant(item["at"]))

    def record_mail(self, mail: MailRecord) -> None:
        item = {
            "pk": f"MAIL#{mail.id}",
            "sk": "MAIL",
            "key": mail.key,
            "order_id": mail.order_id,
            "sender": mail.sender,
            "message_id": mail.message_id,
            "received_at": iso(mail.received_at),
            "outcome": mail.outcome,
            "reasons": to_dicts(mail.reasons),
            "answerable": mail.answerable,
        }
        with translated():
            self._client.put_item(TableName=self._table, Item=to_wire(item))

    def mail(self, mail_id: str) -> MailRecord | None:
        item = self._get({"pk": f"MAIL#{mail_id}", "sk": "MAIL"})
        if not item:
            return None
        return MailRecord(
            id=mail_id,
            key=item["key"],
            order_id=item["order_id"],
            sender=item["sender"],
            message_id=item["message_id"],
            received_at=instant(item["received_at"]),
            outcome=item["outcome"],
            reasons=from_dicts(item["reasons"]),
            answerable=item["answerable"],
        )

    def _get(self, key: Item) -> Item | None:
        with translated():
            found = self._client.get_item(TableName=self._table, Key=to_wire(key), ConsistentRead=True).get("Item")
        return from_wire(found) if found else None

    def _list(self, index: str, attribute: str, value: str, cursor: str | None, *, oldest_first: bool) -> Slice[Order]:
        # list_sk is unique (time and order id), so it alone is the cursor.
        cursor = own_cursor(cursor, _CURSOR)
        bound = f" AND list_sk {'>' if oldest_first else '<'} :cursor" if cursor else ""
        with translated():
            answer = self._client.query(
                TableName=self._table,
                IndexName=index,
                KeyConditionExpression=f"{attribute} = :value{bound}",
                ExpressionAttributeValues=to_wire({":value": value} | ({":cursor": cursor} if cursor else {})),
                ScanIndexForward=oldest_first,
                Limit=PAGE,
            )
        items = [from_wire(wire) for wire in answer["Items"]]
        return Slice([_order(item) for item in items], items[-1]["list_sk"] if "LastEvaluatedKey" in answer else None)


class DynamoNotices:
    """Implements the port `Notices`: `NOTICE#<id>` / `NOTICE`. A claim lasts `LEASE`: who dies is followed."""

    LEASE = timedelta(minutes=2)

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def claim(self, notice_id: str, now: datetime) -> bool:
        try:
            with translated():
                self._client.put_item(
                    TableName=self._table,
                    Item=to_wire({**_notice(notice_id), "state": "claimed", "lease_until": iso(now + self.LEASE)}),
                    ConditionExpression="attribute_not_exists(pk) OR (#state = :claimed AND lease_until < :now)",
                    ExpressionAttributeNames={"#state": "state"},
                    ExpressionAttributeValues=to_wire({":claimed": "claimed", ":now": iso(now)}),
                )
        except ConditionFailed:
            with translated():
                found = self._client.get_item(
                    TableName=self._table, Key=to_wire(_notice(notice_id)), ConsistentRead=True
                ).get("Item")
            if found and from_wire(found)["state"] == "sent":
                return False
            raise TransientError("somebody else is about to send this notice") from None
        return True

    def sent(self, notice_id: str) -> None:
        with translated():
            self._client.put_item(TableName=self._table, Item=to_wire({**_notice(notice_id), "state": "sent"}))

    def count_reply(self, address_id: str, day: date, notice_id: str, most: int) -> bool:
        # One item an address and a day holds the ids of the notices, at most `most`: no address, and safe to repeat.
        key = {"pk": f"REPLIES#{day.isoformat()}#{address_id}", "sk": "REPLIES"}
        try:
            with translated():
                self._client.update_item(
                    TableName=self._table,
                    Key=to_wire(key),
                    UpdateExpression="ADD notices :one",
                    ConditionExpression="attribute_not_exists(pk) OR contains(notices, :id) OR size(notices) < :most",
                    ExpressionAttributeValues={
                        ":one": {"SS": [notice_id]},
                        **to_wire({":id": notice_id, ":most": most}),
                    },
                )
        except ConditionFailed:
            return False
        return True


def _if_it_may_follow(table: str, order: Order, seen: str) -> "TransactWriteItemTypeDef":
    allowed = sorted(REPLACEABLE[order.state])
    names = [f":s{number}" for number in range(len(allowed))]
    values: dict[str, str] = dict(zip(names, allowed, strict=True))
    follows = f"#state IN ({', '.join(names)})"
    if order.state == "review":
        # `seen` is the mail whose review the caller read: the review of another mail came since, and is kept
        follows += " AND (#state <> :review OR mail_id IN (:own, :seen))"
        values |= {":review": "review", ":own": order.mail_id, ":seen": seen}
    return {
        "Put": {
            "TableName": table,
            "Item": to_wire(_item(order)),
            "ConditionExpression": f"attribute_not_exists(pk) OR ({follows})",
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": to_wire(values),
        }
    }


def _lately_item(table: str, order: Order, known: LatelyMade) -> "TransactWriteItemTypeDef":
    """What the school made lately, `order` with it, if it is still as `known`."""
    lately = known.after(order)
    rows = [[made.id, iso(made.received_at), made.ht_cents] for made in lately.orders]
    return {
        "Put": {
            "TableName": table,
            "Item": to_wire({**_lately_key(order.school), "version": lately.version, "orders": rows}),
            "ConditionExpression": "attribute_not_exists(pk) OR version = :known",
            "ExpressionAttributeValues": to_wire({":known": known.version}),
        }
    }


def _lately_key(uai: str) -> Item:
    return {"pk": f"ORDER#OF-{uai}", "sk": "LATELY"}


def _notice(notice_id: str) -> Item:
    return {"pk": f"NOTICE#{notice_id}", "sk": "NOTICE"}


def _item(order: Order) -> Item:
    item: Item = {
        "pk": f"ORDER#{order.id}",
        "sk": "ORDER",
        "list_pk": f"ORDERS#{order.state}",
        "list_sk": f"{iso(order.received_at)}#{order.id}",
        "school": order.school,
        "state": order.state,
        "received_at": iso(order.received_at),
        "deadline": iso(order.deadline),
        "mail_id": order.mail_id,
        "packs": [[pack.id, pack.sms, pack.price_ht_cents] for pack in order.packs],
        "quantities": dict(order.quantities),
        "sms": order.sms,
        "ht_cents": order.ht_cents,
        "vat_cents": order.vat_cents,
        "reasons": to_dicts(order.reasons),
        "read": dict(order.read),
        "form_key": order.form_key,
        "conditions_version": order.conditions_version,
        "school_year": order.school_year,
        "credited_at": iso(order.credited_at) if order.credited_at else None,
        "decision": _decision_item(order.decision) if order.decision else None,
        "alterations": [
            {"text": each.text, "page": each.page, "picture": each.picture_key} for each in order.alterations
        ],
        "days_off": [[each.day.isoformat(), each.name] for each in order.days_off],
    }
    if order.school:
        item["school_list_pk"] = f"ORDERS#{order.school}"
    return item


def _order(item: Item) -> Order:
    return Order(
        id=item["pk"].removeprefix("ORDER#"),
        school=item["school"],
        state=item["state"],
        received_at=instant(item["received_at"]),
        deadline=instant(item["deadline"]),
        mail_id=item["mail_id"],
        packs=tuple(Pack(*pack) for pack in item.get("packs", ())),
        quantities=item["quantities"],
        sms=item["sms"],
        ht_cents=item["ht_cents"],
        vat_cents=item["vat_cents"],
        reasons=from_dicts(item["reasons"]),
        read=item["read"],
        form_key=item["form_key"],
        conditions_version=item["conditions_version"],
        school_year=item["school_year"],
        credited_at=optional_instant(item["credited_at"]),
        decision=_decision(item["decision"]) if item.get("decision") else None,
        alterations=tuple(_alteration(each) for each in item.get("alterations", ())),
        days_off=tuple(DayOff(date.fromisoformat(day), name) for day, name in item.get("days_off", ())),
    )


def _alteration(item: Item) -> Alteration:
    return Alteration(item["text"], item["page"], item["picture"])


def _decision_item(decision: Decision) -> Item:
    return {"kind": decision.kind, "by": decision.by, "at": iso(decision.at), "reason": decision.reason}


def _decision(item: Item) -> Decision:
    return Decision(item["kind"], item["by"], instant(item["at"]), item["reason"])
