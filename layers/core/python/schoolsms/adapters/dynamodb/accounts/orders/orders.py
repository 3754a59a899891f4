"""Orders, the mails that brought them and the notices sent, in the accounts table."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from schoolsms.adapters.dynamodb.accounts.listings import listed, listed_of_school
from schoolsms.adapters.dynamodb.accounts.orders.form_rows import pack_rows, packs_from_rows, text_rows, texts_from_rows
from schoolsms.adapters.dynamodb.accounts.schools.sent_mails import record_sent
from schoolsms.adapters.dynamodb.client.codec import Item, instant, iso, optional_instant
from schoolsms.adapters.dynamodb.client.table import NEW, TableStore, Write, assignments, validated_cursor
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.ids import digest_id
from schoolsms.domain.orders.orders import REPLACEABLE, Alteration, Decision, Delivery, MailRecord, Order, OrderState
from schoolsms.domain.orders.review.openings import Opening
from schoolsms.domain.orders.review.order_reasons import from_dicts, to_dicts
from schoolsms.domain.orders.review.unusual_orders import LatelyMade, MadeOrder, OrderedMeanwhile
from schoolsms.domain.orders.review.working_time import DayOff
from schoolsms.domain.schools.sent_mails import SentMail

ROUNDS = 5
_CURSOR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z#[A-Z0-9-]{1,64}")


class DynamoOrders(TableStore):
    """Implements the port `Orders`: `ORDER#<id>` / `ORDER`, listed by state and by school; `MAIL#<id>` / `MAIL`.

    The lists are a moment behind. `ORDER#OF-<uai>` / `LATELY` is not: it is written with each accepted order.
    `ORDER#<id>` / `OPENED` has who opened it.
    """

    def get(self, order_id: str) -> Order | None:
        item = self._table.get(_order_key(order_id))
        return _order(item) if item else None

    def record(self, order: Order, seen: str = "", lately: LatelyMade | None = None) -> Order:
        if order.state != "accepted":
            return self._written(order, seen, [])
        for _ in range(ROUNDS):
            known = lately or self.lately_made(order.school)
            try:
                return self._written(order, seen, [self._lately_made_with(order, known)])
            except OrderedMeanwhile:
                if lately is not None:
                    raise
        raise TransientError("too many orders of one school at once")

    def lately_made(self, uai: str) -> LatelyMade:
        item = self._table.get(_lately_key(uai))
        if not item:
            return LatelyMade()
        made = [MadeOrder(order_id, instant(at), ht_cents) for order_id, at, ht_cents in item["orders"]]
        return LatelyMade(item["version"], tuple(made))

    def _written(self, order: Order, seen: str, beside: Sequence[Write]) -> Order:
        """Write `order` and the writes `beside` it, or return the stored order. Raises OrderedMeanwhile."""
        failed = self._table.try_transaction([self._if_it_may_follow(order, seen), *beside])
        if failed is None:
            return order
        if failed[0]:
            standing = self.get(order.id)
            if standing is None:
                raise TransientError("an order vanished between two reads")
            return standing
        if beside:  # its condition failed, or another order of the school is being written right now
            raise OrderedMeanwhile
        raise TransientError("DynamoDB: conflicting transactions")

    def _if_it_may_follow(self, order: Order, seen: str) -> Write:
        values: Item = {f"s{number}": state for number, state in enumerate(sorted(REPLACEABLE[order.state]))}
        follows = f"#state IN ({', '.join(f':{name}' for name in values)})"
        if order.state == "review":
            # `seen` is the mail whose review the caller read. A review of any other mail came since and is kept.
            follows += " AND (#state <> :review OR mail_id IN (:own, :seen))"
            values |= {"review": "review", "own": order.mail_id, "seen": seen}
        return self._table.to_put(_item(order), f"{NEW} OR ({follows})", values)

    def _lately_made_with(self, order: Order, known: LatelyMade) -> Write:
        """Return the write that adds `order` to the school's latest orders, if they are still as `known`."""
        lately = known.after(order)
        rows = [[made.id, iso(made.received_at), made.ht_cents] for made in lately.orders]
        item = {**_lately_key(order.school), "version": lately.version, "orders": rows}
        return self._table.to_put(item, f"{NEW} OR version = :known", {"known": known.version})

    def of_school(self, uai: str, cursor: str | None) -> Slice[Order]:
        return listed_of_school(self._table, f"ORDERS#{uai}", validated_cursor(cursor, _CURSOR), _order)

    def in_state(self, state: OrderState, cursor: str | None) -> Slice[Order]:
        return listed(self._table, f"ORDERS#{state}", validated_cursor(cursor, _CURSOR), _order)

    def record_opening(self, order_id: str, opening: Opening) -> None:
        # An attribute a person: two who open the order at once do not overwrite each other.
        row = {f"by_{digest_id(opening.by)}": [opening.by, opening.by_email, iso(opening.at)]}
        self._table.update(_opened_key(order_id), assignments(row), "", row)

    def openings(self, order_id: str) -> Sequence[Opening]:
        item = self._table.get(_opened_key(order_id)) or {}
        rows = [row for name, row in item.items() if name.startswith("by_")]
        found = [Opening(by, by_email, instant(at)) for by, by_email, at in rows]
        return sorted(found, key=lambda each: each.at, reverse=True)

    def first_delivery(self, content_id: str, delivery: Delivery) -> Delivery:
        key = {"pk": f"MAIL#OF-{content_id}", "sk": "FIRST"}
        item = {**key, "key": delivery.key, "at": iso(delivery.at)}
        if not self._table.try_put(item, NEW):
            item = self._table.get(key) or item
        return Delivery(item["key"], instant(item["at"]))

    def record_mail(self, mail: MailRecord) -> None:
        self._table.put(
            {
                **_mail_key(mail.id),
                "key": mail.key,
                "order_id": mail.order_id,
                "sender": mail.sender,
                "message_id": mail.message_id,
                "received_at": iso(mail.received_at),
                "outcome": mail.outcome,
                "reasons": to_dicts(mail.reasons),
                "answerable": mail.answerable,
            }
        )

    def mail(self, mail_id: str) -> MailRecord | None:
        item = self._table.get(_mail_key(mail_id))
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


class DynamoNotices(TableStore):
    """Implements the port `Notices`: `NOTICE#<id>` / `NOTICE`. After `LEASE` another run may take over a claim."""

    LEASE = timedelta(minutes=2)

    def claim(self, notice_id: str, now: datetime) -> bool:
        claimed = {**_notice(notice_id), "state": "claimed", "lease_until": iso(now + self.LEASE)}
        condition = "attribute_not_exists(pk) OR (#state = :claimed AND lease_until < :now)"
        if self._table.try_put(claimed, condition, {"claimed": "claimed", "now": iso(now)}):
            return True
        standing = self._table.get(_notice(notice_id))
        if standing and standing["state"] == "sent":
            return False
        raise TransientError("another run is about to send this notice")

    def sent(self, notice_id: str, mail: SentMail | None = None) -> None:
        if mail:
            record_sent(self._table, mail)
        self._table.put({**_notice(notice_id), "state": "sent"})

    def is_within_cap(self, counted: str, day: date, notice_id: str, most: int) -> bool:
        # One item a day for what is counted holds the ids of at most `most` notices: no address, and safe to repeat.
        return self._table.try_update(
            {"pk": f"REPLIES#{day.isoformat()}#{counted}", "sk": "REPLIES"},
            "ADD notices :one",
            "attribute_not_exists(pk) OR contains(notices, :id) OR size(notices) < :most",
            {"one": frozenset([notice_id]), "id": notice_id, "most": most},
        )


def _order_key(order_id: str) -> Item:
    return {"pk": f"ORDER#{order_id}", "sk": "ORDER"}


def _opened_key(order_id: str) -> Item:
    return {"pk": f"ORDER#{order_id}", "sk": "OPENED"}


def _mail_key(mail_id: str) -> Item:
    return {"pk": f"MAIL#{mail_id}", "sk": "MAIL"}


def _lately_key(uai: str) -> Item:
    return {"pk": f"ORDER#OF-{uai}", "sk": "LATELY"}


def _notice(notice_id: str) -> Item:
    return {"pk": f"NOTICE#{notice_id}", "sk": "NOTICE"}


def _item(order: Order) -> Item:
    item: Item = {
        **_order_key(order.id),
        "list_pk": f"ORDERS#{order.state}",
        "list_sk": f"{iso(order.received_at)}#{order.id}",
        "school": order.school,
        "state": order.state,
        "received_at": iso(order.received_at),
        "deadline": iso(order.deadline),
        "mail_id": order.mail_id,
        "packs": pack_rows(order.packs),
        "quantities": dict(order.quantities),
        "sms": order.sms,
        "ht_cents": order.ht_cents,
        "vat_cents": order.vat_cents,
        "reasons": to_dicts(order.reasons),
        "read": dict(order.read),
        "form_key": order.form_key,
        "conditions_version": order.conditions_version,
        "texts": text_rows(order.texts),
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
        packs=packs_from_rows(item.get("packs", ())),
        quantities=item["quantities"],
        sms=item["sms"],
        ht_cents=item["ht_cents"],
        vat_cents=item["vat_cents"],
        reasons=from_dicts(item["reasons"]),
        read=item["read"],
        form_key=item["form_key"],
        conditions_version=item["conditions_version"],
        texts=texts_from_rows(item.get("texts", ())),
        school_year=item["school_year"],
        credited_at=optional_instant(item["credited_at"]),
        decision=_decision(item["decision"]) if item.get("decision") else None,
        alterations=tuple(_alteration(each) for each in item.get("alterations", ())),
        days_off=tuple(DayOff(date.fromisoformat(day), name) for day, name in item.get("days_off", ())),
    )


def _alteration(item: Item) -> Alteration:
    return Alteration(item["text"], item["page"], item["picture"])


def _decision_item(decision: Decision) -> Item:
    return {
        "kind": decision.kind,
        "by": decision.by,
        "by_email": decision.by_email,
        "at": iso(decision.at),
        "reason": decision.reason,
    }


def _decision(item: Item) -> Decision:
    return Decision(item["kind"], item["by"], instant(item["at"]), item["reason"], item.get("by_email", ""))
