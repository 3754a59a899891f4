"""Sent mails and marked addresses in the accounts table.

`SENT_MAIL#<id>` / `SENT_MAIL` holds one mail; `rank` is that of its state, so that the gravest stays. The mail and its
fate are updates that touch other attributes, because SES may be faster than whoever sent the mail.
`MAIL_ADDRESS#<digest>` / `MAIL_ADDRESS` holds an address that takes no mail any more, without the address: since when,
by which mail, and when it last said so; the list `MARKED_ADDRESSES` has those. One that takes mail again is kept with
the time of that, lest an older bounce mark it anew.
"""

import re
from collections.abc import Iterable, Mapping

from schoolsms.adapters.dynamodb.accounts.listings import listed, listed_of_school
from schoolsms.adapters.dynamodb.client.codec import Item, instant, iso, optional_instant
from schoolsms.adapters.dynamodb.client.table import NEW, Table, TableStore, assignments, validated_cursor
from schoolsms.application.ports.core import Slice
from schoolsms.domain.ids import digest_id
from schoolsms.domain.schools.mail_addresses import comparable
from schoolsms.domain.schools.sent_mails import AddressMark, MailFate, SentMail

_CURSOR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z#[A-Za-z0-9@._-]{1,120}")


class DynamoSentMails(TableStore):
    """Implements the port `SentMails`."""

    def settle(self, fate: MailFate) -> bool:
        changes = {"state": fate.state, "state_at": iso(fate.at), "code": fate.code, "rank": fate.rank}
        graver = "attribute_not_exists(#rank) OR #rank < :rank"
        return self._table.try_update(_key(fate.mail_id), assignments(changes), graver, changes)

    def mark(self, address: str, fate: MailFate) -> bool:
        key, at = _address_key(address), iso(fate.at)
        kept = {"state": fate.state, "since": at, "last_at": at, "code": fate.code, "mail_id": fate.mail_id}
        item = {**key, **kept, "list_pk": "MARKED_ADDRESSES", "list_sk": f"{at}#{key['pk'].partition('#')[2]}"}
        # A complaint counts whatever was delivered since.
        again = "#state = :delivered" if fate.state == "complained" else "#state = :delivered AND since < :at"
        values = {"delivered": "delivered"} | ({} if fate.state == "complained" else {"at": at})
        if self._table.try_put(item, f"{NEW} OR {again}", values):
            return True
        if fate.state == "complained":
            changes = {"state": "complained", "code": fate.code}
            self._table.try_update(key, assignments(changes), "#state = :bounced", changes | {"bounced": "bounced"})
        else:
            later = "#state = :bounced AND (attribute_not_exists(last_at) OR last_at < :last_at)"
            self._table.try_update(key, "SET last_at = :last_at", later, {"last_at": at, "bounced": "bounced"})
        return False

    def unmark(self, address: str, fate: MailFate) -> None:
        if self._table.get(_address_key(address)) is None:
            return
        changes = {"state": "delivered", "since": iso(fate.at), "last_at": iso(fate.at), "code": ""}
        # Else it bounced since, or its owner complained. Marks of before `last_at` was kept have `since` alone.
        earlier = "#state <> :complained AND since < :since AND (attribute_not_exists(last_at) OR last_at < :last_at)"
        values = changes | {"complained": "complained"}
        unlisted = f"{assignments(changes)} REMOVE list_pk, list_sk"
        self._table.try_update(_address_key(address), unlisted, earlier, values)

    def marks(self, addresses: Iterable[str]) -> Mapping[str, AddressMark]:
        found = ((address, self._table.get(_address_key(address))) for address in dict.fromkeys(addresses))
        return {address: _mark(item) for address, item in found if item and item["state"] != "delivered"}

    def marked(self, cursor: str | None) -> Slice[AddressMark]:
        return listed(self._table, "MARKED_ADDRESSES", validated_cursor(cursor, _CURSOR), _mark)

    def mail(self, mail_id: str) -> SentMail | None:
        item = self._table.get(_key(mail_id))
        return _mail(item) if item and "to" in item else None

    def of_school(self, uai: str, cursor: str | None) -> Slice[SentMail]:
        return listed_of_school(self._table, f"MAILS#{uai}", validated_cursor(cursor, _CURSOR), _mail)


def record_sent(table: Table, mail: SentMail) -> None:
    """Write a mail that SES took, or refused; what became of it stays as it is."""
    sent: Item = {
        "school": mail.school,
        "to": mail.to,
        "subject": mail.subject,
        "list_sk": f"{iso(mail.sent_at)}#{mail.id}",
        **({"school_list_pk": f"MAILS#{mail.school}"} if mail.school else {}),
        **({"state": mail.state} if mail.state == "refused" else {}),
    }
    table.update(_key(mail.id), assignments(sent), "", sent)


def _key(mail_id: str) -> Item:
    return {"pk": f"SENT_MAIL#{mail_id}", "sk": "SENT_MAIL"}


def _address_key(address: str) -> Item:
    return {"pk": f"MAIL_ADDRESS#{digest_id(comparable(address))}", "sk": "MAIL_ADDRESS"}


def _mail(item: Item) -> SentMail:
    sent_at, _, mail_id = item["list_sk"].partition("#")
    return SentMail(
        id=mail_id,
        school=item["school"],
        to=item["to"],
        subject=item["subject"],
        sent_at=instant(sent_at),
        state=item.get("state", "sent"),
        state_at=optional_instant(item.get("state_at")),
        code=item.get("code", ""),
    )


def _mark(item: Item) -> AddressMark:
    return AddressMark(item["state"], instant(item["since"]), item["code"], item.get("mail_id", ""))
