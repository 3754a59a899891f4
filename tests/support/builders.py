"""Schools, callers, forms, mails and orders as most tests want them, each detail to be said otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from schoolsms.domain.orders.forms.accepted_texts import CONDITIONS, AcceptedText
from schoolsms.domain.orders.forms.order_forms import FormIdentity, FormReading, IssuedForm
from schoolsms.domain.orders.mails import Attachment, InboundMail
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.schools import Address, Manager, School

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday, ten o'clock in Paris."""
DEADLINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""24 working hours later."""

UAI = "0750655E"
OTHER_UAI = "0750654D"
SIRET = "73282932000074"
ORDER_ID = "BC26-ABCDEFGHIJ"
MANAGER = "marie.durand@lycee.test"
SECOND_MANAGER = "paul.martin@lycee.test"

SCHOOL = School(
    uai=UAI,
    name="Lycée Paul Valéry",
    siret=SIRET,
    address=Address("1 rue des Écoles", "75005", "Paris", "FR"),
    managers=(Manager("Marie Durand", MANAGER), Manager("Paul Martin", SECOND_MANAGER)),
    subscription_end=date(2027, 8, 31),
    calendar="metropole",
    country="FR",
    vat_rate=Decimal("20"),
)
OPERATOR = Caller("kosmos-1", "operateur@kosmos.test", "", frozenset({"operator"}))
A_MANAGER = Caller("user-1", MANAGER, UAI, frozenset({"sms_manager"}))
A_SENDER = Caller("user-2", "lea.petit@lycee.test", UAI, frozenset({"sms_sender"}))
STRANGER = Caller("user-9", "chef@autre.test", OTHER_UAI, frozenset({"sms_manager", "sms_sender"}))

TEXTS = (
    CONDITIONS,
    AcceptedText("conditions-generales", "2026-01", "a" * 64),
    AcceptedText("annexe-rgpd", "2025-05", "b" * 64),
)
FORM = IssuedForm(
    order_id=ORDER_ID,
    uai=UAI,
    siret=SIRET,
    school_name="Lycée Paul Valéry",
    address="1 rue des Écoles\n75005 Paris",
    contact_name="Marie Durand",
    contact_email=MANAGER,
    packs=DEFAULT_PRICE_LIST,
    quantities={"P1000": 2},
    vat_rate=Decimal("20"),
    school_year="2026-27",
    conditions_version="2026-09",
    issued_at=NOW,
    texts=TEXTS,
)
FIELDS: Mapping[str, str] = {
    "order_id": ORDER_ID,
    "uai": UAI,
    "siret": SIRET,
    "school_name": "Lycée Paul Valéry",
    "address": "1 rue des Écoles\n75005 Paris",
    "contact_name": "Marie Durand",
    "contact_email": MANAGER,
    "qty_P1000": "2",
    "accept_terms": "yes",
    "place_and_date": "Paris, le 23 novembre 2026",
}
FILLED = b"%PDF filled and signed"
PDF = Attachment("bon.pdf", "application/pdf", FILLED)
IDENTITY = FormIdentity("filled", ORDER_ID, UAI)


def reading(signature: Any = "ink", alterations: tuple[str, ...] = (), **fields: str) -> FormReading:
    """A complete form, with other `fields` or another signature."""
    return FormReading({**FIELDS, **fields}, signature, alterations)


def mail(*attachments: Attachment, **changes: Any) -> InboundMail:
    """A mail of a manager that passes every check."""
    complete = InboundMail(
        sender=MANAGER,
        message_id="<1@lycee.test>",
        subject="Bon de commande",
        automatic=False,
        spf="pass",
        dkim="pass",
        dmarc="pass",
        spam="pass",
        virus="pass",
        attachments=attachments,
    )
    return replace(complete, **changes)


def order(**changes: Any) -> Order:
    """Two packs of 1,000 SMS, accepted."""
    accepted = Order(
        id=ORDER_ID,
        school=UAI,
        state="accepted",
        received_at=NOW,
        deadline=DEADLINE,
        mail_id="MAIL1",
        packs=DEFAULT_PRICE_LIST,
        quantities={"P1000": 2},
        sms=2_000,
        ht_cents=17_000,
        vat_cents=3_400,
        conditions_version="2026-09",
        texts=TEXTS,
        school_year="2026-27",
    )
    return replace(accepted, **changes)
