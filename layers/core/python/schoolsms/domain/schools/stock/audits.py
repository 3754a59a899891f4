"""The audit of a ledger: each entry against the one before, its own id, and the balance (R18)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from schoolsms.domain.schools.stock.corrections import Correction
from schoolsms.domain.schools.stock.ledger import Balance, Entry
from schoolsms.domain.schools.stock.ledger_causes import CauseType


@dataclass(frozen=True)
class Finding:
    """Something that does not add up: its kind, the school ("" for numbers of all schools), and the `id` of the thing.

    `says` names ids and counts, never a phone number, a name or a text (R46). `lost_entries.py` brings together those
    that one lost entry causes: `entry` is the id of the entry that should be there, or ends with `-` if only its
    beginning is known; `sms` is what the entry should have changed. A gap in a ledger has `entries` instead, how many
    are missing, and in `sms` what all of them changed.
    """

    code: str
    school: str
    id: str
    says: str
    entry: str = field(default="", compare=False)
    sms: int = field(default=0, compare=False)
    entries: int = field(default=0, compare=False)


@dataclass
class LedgerTrail:
    """Takes the entries of a school in the order of their numbers; holds the one before, however many there are."""

    balance: Balance
    seq: int = field(default=0, init=False)
    sms: int = field(default=0, init=False)
    newest: int = field(default=0, init=False)
    """The highest number of all entries, also of those that `take` is not to have, above the balance."""

    def take(self, entry: Entry) -> list[Finding]:
        """Return what is wrong with the next entry. One that is altered is named, those after it are not."""
        wrong = [_finding("entry-altered", entry, says) for says in _contradictions(entry)]
        due, before = self.seq + 1, self.sms
        self.seq, self.sms = entry.seq, entry.balance_after
        if entry.seq != due:
            says, changed = f"has number {entry.seq}, {due} was due", entry.balance_after - entry.amount - before
            wrong.append(Finding("entry-missing", entry.school, entry.id, says, sms=changed, entries=entry.seq - due))
        elif entry.balance_after != before + entry.amount:
            left = f"says that {entry.balance_after} SMS were left, {before + entry.amount} were"
            wrong.append(_finding("entry-altered", entry, left))
        if entry.balance_after < 0:
            wrong.append(_finding("balance-below-zero", entry, f"left {entry.balance_after} SMS"))
        return wrong

    def end(self) -> list[Finding]:
        """Return what is wrong with the balance, once it took all entries up to its number."""
        if (self.sms, self.seq) == (self.balance.sms, self.balance.seq):
            return []
        says = f"{self.seq} entries leave {self.sms} SMS, the balance says {self.balance.sms} after {self.balance.seq}"
        of, missing = f"balance:{self.balance.school}", self.balance.seq - self.seq
        changed = self.balance.sms - self.sms
        return [Finding("balance-differs", self.balance.school, of, says, sms=changed, entries=missing)]

    def above(self, balance: Balance) -> list[Finding]:
        """Return what is wrong if entries are above `balance`, which is read after them because posting goes on."""
        if self.newest <= balance.seq:
            return []
        says = f"says {balance.sms} SMS after {balance.seq}, entries up to {self.newest} are there"
        return [Finding("balance-behind", balance.school, f"balance:{balance.school}", says)]


def audit_ledger(entries: Iterable[Entry], balance: Balance) -> list[Finding]:
    """Recompute `balance` from all its entries, in order (R18)."""
    trail = LedgerTrail(balance)
    return [*(found for entry in entries for found in trail.take(entry)), *trail.end()]


def audit_correction(entry: Entry, correction: Correction | None) -> list[Finding]:
    """Hold the entry of a correction against what two people decided."""
    if correction is None or correction.state != "confirmed" or correction.decided is None:
        return [_finding("correction-not-decided", entry, "nobody confirmed a correction of that id")]
    wrong = []
    if (correction.school, correction.entry_id, correction.applied_sms) != (entry.school, entry.id, entry.amount):
        says = f"changes {entry.amount} SMS, {correction.applied_sms} were confirmed"
        wrong.append(_finding("correction-differs", entry, says))
    if correction.decided.by == correction.proposed.by:
        wrong.append(_finding("correction-by-one", entry, "one person proposed and confirmed it"))
    return wrong


_CAUSES: dict[str, tuple[CauseType, ...]] = {
    "credit": ("order",),
    "debit": ("send_request",),
    "release": ("send_request", "message"),
    "forfeiture": ("subscription_end",),
    "correction": ("correction",),
}


def _contradictions(entry: Entry) -> list[str]:
    """Return how an entry contradicts itself: an id says again what an entry is about."""
    wrong = []
    if entry.cause.type not in _CAUSES.get(entry.kind, ()) or not _is_named_after_its_cause(entry):
        wrong.append(f"is a {entry.kind} of {entry.cause.type} {entry.cause.id}")
    adds = entry.amount > 0
    if not entry.amount or (entry.kind != "correction" and adds != (entry.kind in ("credit", "release"))):
        wrong.append(f"is a {entry.kind} of {entry.amount} SMS")
    return wrong


def _is_named_after_its_cause(entry: Entry) -> bool:
    kind, _, named = entry.id.partition(":")
    if kind != entry.kind:
        return False
    of = entry.cause.id
    if kind == "forfeiture":
        return named.startswith(f"{entry.school}:{of}:")
    if kind == "release":
        return named == of or named.startswith(f"{of}-")
    return named == of or (kind == "correction" and named.startswith(f"{of}:"))


def _finding(code: str, entry: Entry, says: str) -> Finding:
    return Finding(code, entry.school, entry.id, says)
