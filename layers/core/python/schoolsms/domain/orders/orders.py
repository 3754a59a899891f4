"""An order of packs, from the mail that brought it to the credit (R4-R13)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from schoolsms.domain.orders.forms.accepted_texts import AcceptedText
from schoolsms.domain.orders.packs import Pack
from schoolsms.domain.orders.review.order_reasons import Reason
from schoolsms.domain.orders.review.working_time import DayOff

OrderState = Literal["incomplete", "review", "accepted", "credited", "rejected", "question", "answered"]
"""`question`: a mail that asks something and brings no form, until the operator marks it as `answered` (R51)."""

REPLACEABLE: Mapping[OrderState, frozenset[OrderState]] = {
    "incomplete": frozenset(("incomplete",)),
    "review": frozenset(("incomplete", "review")),
    "accepted": frozenset(("incomplete", "review")),
    "credited": frozenset(("accepted",)),
    "rejected": frozenset(("incomplete", "review")),
    "question": frozenset(("question",)),
    "answered": frozenset(("question",)),
}
"""New state → the states it may follow: an order once accepted stays so, whatever is mailed after (R8, R11)."""


@dataclass(frozen=True)
class Decision:
    """Decision of the operator's person about an order in review or a question, with its time (R12, R51).

    `reason` is that of a rejection. `by_email` is "" where the token had none, and of decisions before it was kept.
    """

    kind: Literal["accept", "reject", "answer"]
    by: str
    at: datetime
    reason: str
    by_email: str = ""


@dataclass(frozen=True)
class Alteration:
    """Something that the issued form has not (R5), in French; where it has a place, its page and its picture's key."""

    text: str
    page: int | None = None
    picture_key: str = ""


@dataclass(frozen=True)
class Order:
    """`quantities` by pack id; amounts in euro cents, 0 while unknown. `school` is "" while nobody knows whose it is.

    `packs` are those that its form offers, at the form's prices: the price list may have changed since.

    `mail_id` is the mail that brought it to this state; `form_key` where the document as received is kept.
    """

    id: str
    school: str
    state: OrderState
    received_at: datetime
    deadline: datetime
    mail_id: str
    packs: tuple[Pack, ...] = ()
    quantities: Mapping[str, int] = field(default_factory=dict)
    sms: int = 0
    ht_cents: int = 0
    vat_cents: int = 0
    reasons: tuple[Reason, ...] = ()
    read: Mapping[str, str] = field(default_factory=dict)
    form_key: str = ""
    conditions_version: str = ""
    texts: tuple[AcceptedText, ...] = ()
    school_year: str = ""
    credited_at: datetime | None = None
    decision: Decision | None = None
    alterations: tuple[Alteration, ...] = ()
    days_off: tuple[DayOff, ...] = ()
    """The public holidays and closure days that moved the deadline, as they were known at reception."""

    @property
    def ttc_cents(self) -> int:
        return self.ht_cents + self.vat_cents

    @property
    def decisions(self) -> tuple[Literal["accept", "reject", "answer"], ...]:
        """Decisions that are possible now: without a recognised form only to reject, because the school is unknown."""
        if self.state == "question":
            return ("answer",)
        if self.state != "review":
            return ()
        return ("accept", "reject") if self.school else ("reject",)


ONLY_TO_REJECT = (
    "Aucun bon de commande n'a été reconnu dans ce message : cette commande ne peut qu'être refusée. Indiquez dans le "
    "motif qu'il faut télécharger un bon de commande depuis Skolengo, le signer et le renvoyer en PDF."
)
"""Explains how a person goes on with an order in review without a form."""


@dataclass(frozen=True)
class Delivery:
    """One arrival of a mail: its key in the inbox and the time."""

    key: str
    at: datetime


@dataclass(frozen=True)
class MailRecord:
    """Outcome of one mail of the inbox (R48). A mail with forms of several orders has a record for each."""

    id: str
    key: str
    order_id: str
    sender: str
    message_id: str
    received_at: datetime
    outcome: OrderState
    reasons: tuple[Reason, ...]
    answerable: bool
    """Whether a reply goes to `sender`; not to machines, and not if the verdicts contradict the sender."""
