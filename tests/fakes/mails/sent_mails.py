"""In-memory stand-in for the port of what became of sent mails."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from schoolsms.application.ports.core import Slice
from schoolsms.domain.schools.sent_mails import AddressMark, MailFate, MailState, SentMail
from tests.fakes.slices import sliced


@dataclass
class FakeSentMails:
    states: dict[str, MailState] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)
    mails: dict[str, SentMail] = field(default_factory=dict)
    marked_addresses: dict[str, AddressMark] = field(default_factory=dict)
    last_at: dict[str, datetime] = field(default_factory=dict)

    def settle(self, fate: MailFate) -> bool:
        if self.ranks.get(fate.mail_id, 0) >= fate.rank:
            return False
        self.states[fate.mail_id], self.ranks[fate.mail_id] = fate.state, fate.rank
        return True

    def mark(self, address: str, fate: MailFate) -> bool:
        known, mark = self.marked_addresses.get(address), AddressMark(fate.state, fate.at, fate.code, fate.mail_id)
        if known is None or (known.state == "delivered" and (fate.state == "complained" or known.since < fate.at)):
            self.marked_addresses[address], self.last_at[address] = mark, fate.at
            return True
        if known.state == "bounced" and fate.state == "complained":
            self.marked_addresses[address] = replace(mark, since=known.since)
        elif known.state == "bounced":
            self.last_at[address] = max(self.last_at[address], fate.at)
        return False

    def unmark(self, address: str, fate: MailFate) -> None:
        mark = self.marked_addresses.get(address)
        if mark and mark.state != "complained" and self.last_at[address] < fate.at:
            self.marked_addresses[address], self.last_at[address] = AddressMark("delivered", fate.at), fate.at

    def marks(self, addresses: Iterable[str]) -> Mapping[str, AddressMark]:
        known = {each: self.marked_addresses[each] for each in addresses if each in self.marked_addresses}
        return {each: mark for each, mark in known.items() if mark.state != "delivered"}

    def marked(self, cursor: str | None) -> Slice[AddressMark]:
        marks = [mark for mark in self.marked_addresses.values() if mark.state != "delivered"]
        return sliced(sorted(marks, key=_key), _key, cursor)

    def mail(self, mail_id: str) -> SentMail | None:
        return self.mails.get(mail_id)

    def of_school(self, uai: str, cursor: str | None) -> Slice[SentMail]:
        raise NotImplementedError


def _key(mark: AddressMark) -> str:
    return f"{mark.since.isoformat()}#{mark.mail_id}"
