"""An example of every mail that the service writes, several where one may read differently."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from schoolsms.application.mails.layout import Notice
from schoolsms.application.mails.words import (
    balance,
    consents,
    corrections,
    formal_notices,
    invoices,
    notified,
    orders,
    purges,
    reviews,
    subscriptions,
    suspensions,
)
from schoolsms.domain.history.purges import Certificate, Counts
from schoolsms.domain.orders.billing.invoices import Cancellation, Replaced
from schoolsms.domain.orders.billing.payments import Payment
from schoolsms.domain.orders.contract import Contract
from schoolsms.domain.orders.orders import OrderState
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST
from schoolsms.domain.orders.review.order_reasons import CODES, Reason
from schoolsms.domain.orders.review.working_time import DayOff
from schoolsms.domain.schools.decisions.formal_notices import FormalNotice
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.stock.ledger import Entry
from schoolsms.domain.schools.stock.ledger_causes import Cause
from tests.fakes.orders.invoices import invoice

MONDAY = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
INBOX = "commande-sms@skolengo.test"
URL = "https://sms.test"
SUPPORT = "sms@kosmos.test"
SCHOOL_NAME = "Lycée Paul Valéry"
IN_FULL = f"{SCHOOL_NAME} (0750655E)"

CONTRACT = Contract(
    in_force_from=MONDAY,
    in_force_until=datetime(2027, 8, 31, 22, tzinfo=UTC),
    ends="school-year-end",
    last_day=date(2027, 8, 31),
    school_year="2026-27",
    conditions_version="2026-09",
)
CERTIFICATE = Certificate(
    school="0750655E",
    school_year="2026-27",
    first_day=date(2026, 9, 1),
    last_day=date(2027, 8, 31),
    started_at=datetime(2027, 8, 31, 23, 0, tzinfo=UTC),
    certified_at=datetime(2027, 8, 31, 23, 4, tzinfo=UTC),
    before=Counts(
        48,
        3,
        12_400,
        {"delivered": 11_800, "undeliverable": 120, "expired": 17, "failed": 4, "cancelled": 9},
        12,
    ),
)
DAYS_OFF = (DayOff(date(2026, 12, 24), "fermeture annuelle"), DayOff(date(2026, 12, 25), "Noël"))
NOTICE = FormalNotice(1, "Publicité pour l'association d'un tiers", date(2026, 12, 15), MONDAY)
LIFTED = FormalNotice(1, "Publicité", date(2026, 12, 15), MONDAY, "", None, MONDAY, "Mesures suffisantes")
EVERY_REASON = [Reason(code, "qty_P1000" if code == "quantity-invalid" else None) for code in sorted(CODES)]


def activated(school_name: str = SCHOOL_NAME) -> Notice:
    return orders.credit_activated(
        school_name=school_name,
        order_id="BDC-7Q2",
        sms=2_000,
        balance=12_345,
        total_ttc_cents=20_400,
        contract=CONTRACT,
        public_url=URL,
        mailed_by="marie.durand@lycee.test",
    )


def again(standing: OrderState, credited_at: datetime | None = None) -> Notice:
    return orders.order_already_received(
        order_id="BDC-7Q2", standing=standing, deadline=MONDAY, credited_at=credited_at
    )


def incomplete(*reasons: Reason, order_id: str | None = "BDC-7Q2") -> Notice:
    return orders.order_incomplete(
        order_id=order_id, reasons=reasons, order_inbox=INBOX, public_url=URL, packs=DEFAULT_PRICE_LIST
    )


def to_review(*reasons: Reason, school: str | None = IN_FULL) -> Notice:
    return reviews.order_to_review(
        order_id="BDC-7Q2",
        reasons=reasons,
        deadline=MIDNIGHT,
        public_url=URL,
        school=school,
        sender="quelqu.un@exemple.test",
        read={"total_ht": "170,00 €", "siret": "", "qty_P1000": "2", "accept_terms": "yes", "uai": "0750655E"},
        packs=DEFAULT_PRICE_LIST,
        days_off=DAYS_OFF,
    )


def deadlines() -> Mapping[str, Notice]:
    return {
        f"{kind.__name__}, {'past' if past else 'near'}, {school}": kind(
            order_id="BDC-7Q2", deadline=MIDNIGHT, past=past, public_url=URL, school=school, days_off=DAYS_OFF
        )
        for kind in (reviews.order_deadline, reviews.credit_deadline)
        for past in (False, True)
        for school in (IN_FULL, None)
    }


_ACT = Act(3, "suspension", MONDAY, "kosmos-1", "operateur@kosmos.test", "Publicité : l'article 6 s'applique")

_CORRECTION = Act(
    4,
    "correction-proposed",
    MONDAY,
    "kosmos-1",
    "operateur@kosmos.test",
    "Commande saisie deux fois",
    {"correction": "C-1", "sms": -1_500, "corrects": "order BDC-7Q2"},
)
_CANCELLED = invoice(
    state="cancelled", cancellation=Cancellation(date(2026, 11, 30), "SIRET de l'établissement erroné")
)
_CORRECTED = Entry("correction:C-1", "0750655E", 9, MONDAY, "correction", -1_200, 0, Cause("correction", "C-1"))

NOTICES: Mapping[str, Notice] = {
    "credit activated": activated(),
    "low balance": balance.low_balance(
        school_name=SCHOOL_NAME, balance=98, threshold=100, at=MONDAY, order_inbox=INBOX, public_url=URL
    ),
    "stock used up": balance.stock_used_up(school_name=SCHOOL_NAME, at=MONDAY, order_inbox=INBOX, public_url=URL),
    "daily limit near": balance.daily_limit_near(school_name=SCHOOL_NAME, limit=10_000, support_email=SUPPORT),
    "consents offered": consents.consents_offered(
        school_name=SCHOOL_NAME, subscription_end=date(2027, 8, 31), answer_to=SUPPORT, public_url=URL
    ),
    "consents offered, terminated": consents.consents_offered(
        school_name=SCHOOL_NAME, subscription_end=None, answer_to=SUPPORT, public_url=URL
    ),
    "subscription ending": subscriptions.subscription_ending(
        school_name=SCHOOL_NAME, balance=1_234, end=date(2027, 8, 31), may_send=True
    ),
    "subscription ending, suspended": subscriptions.subscription_ending(
        school_name=SCHOOL_NAME, balance=1_234, end=date(2027, 8, 31), may_send=False
    ),
    "balance forfeited": subscriptions.balance_forfeited(
        school_name=SCHOOL_NAME, sms=1_234, end=date(2027, 8, 31), found_on=date(2027, 9, 1)
    ),
    "formal notice": formal_notices.formal_notice(school_name=SCHOOL_NAME, notice=NOTICE, answer_to=SUPPORT),
    "formal notice lifted": formal_notices.formal_notice_lifted(
        school_name=SCHOOL_NAME, notice=LIFTED, answer_to=SUPPORT
    ),
    "suspended": suspensions.suspended(school_name=SCHOOL_NAME, act=_ACT, answer_to=SUPPORT),
    "suspension ended": suspensions.suspension_ended(school_name=SCHOOL_NAME, act=_ACT, answer_to=SUPPORT),
    "terminated": suspensions.terminated(school_name=SCHOOL_NAME, act=_ACT, answer_to=SUPPORT),
    "stock corrected": corrections.stock_corrected(
        school_name=SCHOOL_NAME, act=_CORRECTION, entry=_CORRECTED, answer_to=SUPPORT
    ),
    "correction proposed": corrections.correction_proposed(uai="0750655E", school_name=SCHOOL_NAME, act=_CORRECTION),
    "invoice issued": invoices.invoice_issued(invoice(), date(2026, 12, 23)),
    "invoice issued anew": invoices.invoice_issued(
        invoice(replaces=Replaced("2026-000001", date(2026, 11, 23))), date(2026, 12, 23)
    ),
    "invoice mailed again": invoices.invoice_again(invoice()),
    "invoice mailed again, paid": invoices.invoice_again(
        invoice(state="paid", payments=(Payment(date(2026, 12, 1), "VIR-1", 20_400),))
    ),
    "invoice cancelled": invoices.invoice_cancelled(_CANCELLED, "2026-000042"),
    "invoice cancelled, paid": invoices.invoice_cancelled(
        replace(_CANCELLED, payments=(Payment(date(2026, 12, 1), "VIR-1", 20_400),)), "2026-000042"
    ),
    "invoice late": invoices.invoice_late(invoice(), 7),
    "invoice late, partly paid": invoices.invoice_late(
        invoice(payments=(Payment(date(2026, 12, 1), "VIR-1", 10_000),)), 30
    ),
    "notified to confirm": notified.notified_to_confirm(
        school_name=SCHOOL_NAME, link=f"{URL}/v1/notified/confirmation/0750655E-abc", until=MIDNIGHT
    ),
    "purge ahead": purges.purge_ahead(
        school_name=SCHOOL_NAME,
        school_year="2026-27",
        end=date(2027, 9, 1),
        last_day=date(2027, 8, 31),
        public_url=URL,
    ),
    "history purged": purges.history_purged(
        school_name=SCHOOL_NAME, certificate=CERTIFICATE, zone=ZoneInfo("Europe/Paris"), public_url=URL
    ),
    "operator mails capped": reviews.operator_mails_capped(most=50, public_url=URL),
    "replies capped": reviews.replies_capped(
        address="quelqu.un@exemple.test", order_id="BDC-7Q2", most=5, public_url=URL
    ),
    "incomplete": incomplete(Reason("signature-missing"), Reason("field-missing", "siret")),
    "incomplete without a form": incomplete(Reason("no-form-attached"), order_id=None),
    "incomplete, every reason": incomplete(*EVERY_REASON),
    "in review": orders.order_in_review(
        order_id="BDC-7Q2", reasons=[Reason("form-scanned")], deadline=MONDAY, days_off=DAYS_OFF
    ),
    "in review, incomplete": orders.order_in_review(
        order_id=None,
        reasons=[Reason("form-scanned"), Reason("signature-missing"), Reason("media-attached")],
        deadline=MONDAY,
    ),
    "received again": again("credited", MONDAY),
    "received again, waiting": again("accepted"),
    "received again, in review": again("review"),
    "received again, refused": again("rejected"),
    "question forwarded": orders.question_forwarded(support_email=SUPPORT, order_inbox=INBOX, public_url=URL),
    "question to answer": reviews.question_to_answer(
        question_id="M-7Q2", sender="secretariat@lycee.test", received_at=MONDAY, public_url=URL
    ),
    "rejected": orders.order_rejected(order_id="BDC-7Q2", reason="Le bon n'est pas signé : « sans cachet »"),
    "to review": to_review(Reason("form-altered", "page ajoutée"), Reason("sender-unknown")),
    "to review, every reason": to_review(*EVERY_REASON, Reason("form-altered", "chiffre modifié : pack P1000")),
    "to review without a form": to_review(Reason("form-unknown"), school=None),
    **deadlines(),
}
