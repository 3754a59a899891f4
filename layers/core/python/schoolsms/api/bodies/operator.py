"""Bodies and queries of the operator's routes, checked where they come in over HTTP."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from schoolsms.api.bodies.base import (
    Amount,
    Day,
    Line,
    Lines,
    StrictBody,
    StrictRoot,
)
from schoolsms.api.bodies.values import Country, Email, checked_email
from schoolsms.domain.orders.forms import certificates
from schoolsms.domain.orders.forms.order_forms import LONGEST_REFERENCE
from schoolsms.domain.orders.packs import MAX_QUANTITY, Pack
from schoolsms.domain.schools.mail_addresses import INSTITUTIONAL, comparable, expanded, plain
from schoolsms.domain.schools.school_years import Calendar, calendar_of
from schoolsms.domain.schools.schools import DEFAULT_LOW_BALANCE_THRESHOLD, MOST_ORDER_SENDERS, Address, Manager, School
from schoolsms.domain.schools.uai import territory
from schoolsms.domain.schools.vat import default_vat
from schoolsms.domain.sending.sender_names import is_valid_sender_name

if TYPE_CHECKING:
    from schoolsms.application.orders.billing.record_payments import NewPayment
    from schoolsms.domain.orders.billing.payments import Reception


_SIRET = r"^[0-9 .\u00a0\u202f]{14,20}$"
_SENDER_NAME = r"^[0-9]*[A-Za-z][A-Za-z0-9]*$"


def _siret(written: str) -> str:
    from stdnum.exceptions import ValidationError as NotASiret
    from stdnum.fr import siret  # only the operator's function needs it

    try:
        if re.fullmatch(_SIRET, written):  # stdnum also reads a full-width 7
            digits = str(siret.validate(written))
            if int(digits[:9]):  # zeros have a right key, but are what forms of other programs have for "none"
                return digits
    except NotASiret:
        pass
    raise PydanticCustomError("siret", "Ce SIRET est incorrect : 14 chiffres, dont une clé.")


def _sender_name(written: str) -> str:
    if not is_valid_sender_name(written):
        raise PydanticCustomError(
            "sender_name", "Un nom d'émetteur a 11 lettres ou chiffres au plus, dont une lettre, sans espace."
        )
    return written


FormLine = Annotated[str, Line(200)]
"""One line of a form or an invoice."""

_ORDER_SENDER = r"^([A-Za-z0-9.!#$%&'+/=?^_`{|}~-]{1,64}|[cC][eE]\.<[uU][aA][iI]>)@[^@\s<>,;]+\.[^@\s<>,;]+$"


def _order_sender(written: str) -> str:
    if "*" in written:  # an address may have one; but who writes it means a pattern, which would match nobody
        raise PydanticCustomError(
            "email", "Une adresse entière est attendue, sans « * » ; le seul modèle admis est ce.<uai>@domaine."
        )
    checked_email(expanded(written, "0000000A") if plain(written).startswith(INSTITUTIONAL) else written)
    return written


OrderSender = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254),
    AfterValidator(_order_sender),
    Field(
        description="An address, or the institutional pattern `ce.<uai>@ac-paris.fr`, written like this: it is the "
        "address `ce.0750655e@ac-paris.fr` for the school 0750655E. Compared without regard to ASCII case.",
        json_schema_extra={"pattern": _ORDER_SENDER},
    ),
]


class AddressBody(StrictBody):
    line1: FormLine
    line2: FormLine | Literal[""] | None = None
    postcode: FormLine
    city: FormLine
    country: Country


class ManagerBody(StrictBody):
    name: FormLine
    email: Email


def _distinct(managers: list[ManagerBody]) -> list[ManagerBody]:
    if len({comparable(each.email) for each in managers}) != len(managers):
        raise PydanticCustomError("managers", "Deux gestionnaires ont la même adresse électronique.")
    return managers


class SchoolBody(StrictBody):
    """`PUT /v1/schools/{uai}`."""

    name: FormLine
    siret: Annotated[str, AfterValidator(_siret), Field(json_schema_extra={"pattern": _SIRET})]
    address: AddressBody
    managers: Annotated[list[ManagerBody], Field(min_length=1, max_length=50), AfterValidator(_distinct)]
    subscription_end: Day
    calendar: Calendar | None = None
    low_balance_threshold: Annotated[int, Field(ge=0, le=1_000_000)] = DEFAULT_LOW_BALANCE_THRESHOLD
    sender_name: (
        Annotated[
            str, AfterValidator(_sender_name), Field(json_schema_extra={"pattern": _SENDER_NAME, "maxLength": 11})
        ]
        | None
    ) = None
    daily_limit: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    vat_rate: Annotated[Decimal, Amount("0", 100)] | None = None
    country: Country | None = None
    order_senders: Annotated[
        list[OrderSender],
        Field(
            max_length=MOST_ORDER_SENDERS,
            description="Addresses beside the managers' that may mail order forms; others' forms go to review.",
        ),
    ] = []
    confirm_past_end: Annotated[
        bool, Field(description="Required to set a `subscription_end` that is past: it forfeits the stock for good.")
    ] = False

    def school(self, uai: str) -> School:
        """The school it describes, with the defaults of its territory."""
        country = self.country or territory(uai)
        address = self.address
        return School(
            uai=uai,
            name=self.name,
            siret=self.siret,
            address=Address(address.line1, address.postcode, address.city, address.country, address.line2 or ""),
            managers=tuple(Manager(each.name, each.email) for each in self.managers),
            subscription_end=self.subscription_end,
            calendar=self.calendar or calendar_of(uai),
            country=country,
            vat_rate=default_vat(country).percent if self.vat_rate is None else self.vat_rate,
            low_balance_threshold=self.low_balance_threshold,
            sender_name=self.sender_name,
            daily_limit=self.daily_limit,
            order_senders=tuple(dict.fromkeys(self.order_senders)),
        )


class PackBody(StrictBody):
    """A pack of `PUT /v1/price-list`."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,12}$")]
    sms: Annotated[int, Field(ge=1, le=1_000_000)]
    price_ht: Annotated[Decimal, Amount("0.01", 1_000_000)]

    def pack(self) -> Pack:
        return Pack(self.id, self.sms, int(self.price_ht * 100))


class PriceListBody(StrictRoot[Annotated[list[PackBody], Field(min_length=1, max_length=50)]]):
    """`PUT /v1/price-list`."""


class ClosuresBody(StrictRoot[Annotated[list[Day], Field(max_length=1000)]]):
    """`PUT /v1/closures`."""


def _certificate(written: str) -> str:
    found = certificates.certificate(written)
    if found is None:
        raise PydanticCustomError(
            "certificate", "Un certificat X.509 est attendu, au format PEM, un par élément, sans clé ni autre texte."
        )
    return found


Certificate = Annotated[str, StringConstraints(max_length=certificates.LONGEST), AfterValidator(_certificate)]


class TrustedSignersBody(StrictRoot[Annotated[list[Certificate], Field(max_length=certificates.MOST)]]):
    """`PUT /v1/trusted-signers`."""


BillingReference = Annotated[str, Line(LONGEST_REFERENCE)]
"""A service code or an engagement number, as Chorus Pro takes it."""


class AcceptBody(StrictBody):
    decision: Literal["accept"]
    packs: Mapping[str, Annotated[int, Field(ge=0, json_schema_extra={"maximum": MAX_QUANTITY})]]
    service_code: BillingReference | None = None
    engagement_number: BillingReference | None = None

    def references(self) -> dict[str, str]:
        """Those that were given, by field name of the form."""
        given = {"service_code": self.service_code, "engagement_number": self.engagement_number}
        return {name: reference for name, reference in given.items() if reference is not None}


class RejectBody(StrictBody):
    decision: Literal["reject"]
    reason: Annotated[str, Lines(1000)]


class AnswerQuestionBody(StrictBody):
    """For a mail that is a question: somebody has answered it."""

    decision: Literal["answer"]


class DecisionBody(
    StrictRoot[Annotated[AcceptBody | RejectBody | AnswerQuestionBody, Field(discriminator="decision")]]
):
    """`POST /v1/orders/{id}/decision`."""


_GIVEN_BACK = (
    "The operator gave it back, because too much was paid or the invoice is cancelled; without an `amount` all of that."
)


class PaymentBody(StrictBody):
    """`POST /v1/invoices/{number}/payment`; the same `reference` again is the same payment."""

    paid_on: Day
    reference: Annotated[str, Line(140)]
    amount: Annotated[Decimal, Amount("0.01", 10_000_000), Field(description="Else what is left to pay.")] | None = None
    confirm_before_invoice: Annotated[bool, Field(description="Required if `paid_on` is before the invoice.")] = False
    given_back: Annotated[bool, Field(description=_GIVEN_BACK)] = False

    def payment(self) -> "NewPayment":
        from schoolsms.application.orders.billing.record_payments import (
            NewPayment,  # only the operator's function needs it
        )

        amount_cents = None if self.amount is None else int(self.amount * 100)
        return NewPayment(self.paid_on, self.reference, amount_cents, self.confirm_before_invoice, self.given_back)


class ReceptionBody(StrictBody):
    """`POST /v1/invoices/{number}/reception`; `reference`: of the deposit on Chorus Pro, or of another proof."""

    received_on: Day
    reference: Annotated[str, Line(140)]

    def reception(self) -> "Reception":
        from schoolsms.domain.orders.billing.payments import Reception

        return Reception(self.received_on, self.reference)
