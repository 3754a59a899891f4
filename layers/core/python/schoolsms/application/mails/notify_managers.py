"""The mail of a due notice: each kind is a class, which knows its recipients and its words (R7, R10-R12)."""

from collections.abc import Mapping
from dataclasses import dataclass

from schoolsms.application.mails.desk import DueNotice, MailDesk
from schoolsms.application.mails.kinds.send_balance import LowBalance, StockUsedUp
from schoolsms.application.mails.kinds.send_consents_offers import ConsentsOffered
from schoolsms.application.mails.kinds.send_corrections import CorrectionProposed, StockCorrected
from schoolsms.application.mails.kinds.send_daily_limit import DailyLimitNear
from schoolsms.application.mails.kinds.send_formal_notices import FormalNoticeGiven, FormalNoticeLifted
from schoolsms.application.mails.kinds.send_invoices import InvoiceAgain, InvoiceLate, MailInvoices
from schoolsms.application.mails.kinds.send_notified import NotifiedToConfirm
from schoolsms.application.mails.kinds.send_orders import (
    CreditActivated,
    CreditDeadlineNear,
    CreditDeadlinePast,
    OrderAlreadyReceived,
    OrderIncomplete,
    OrderInReview,
    OrderRejected,
    OrderToReview,
    QuestionForwarded,
    QuestionToAnswer,
    ReviewDeadlineNear,
    ReviewDeadlinePast,
)
from schoolsms.application.mails.kinds.send_purges import HistoryPurged, PurgeAhead
from schoolsms.application.mails.kinds.send_subscriptions import BalanceForfeited, SubscriptionEnding
from schoolsms.application.mails.kinds.send_suspensions import SchoolSuspended, SchoolTerminated, SuspensionEnded
from schoolsms.application.mails.send_once import MailOnce
from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.accounts.school_changes import SchoolActs
from schoolsms.application.ports.core import Clock, Ledger, Mailer, Notices, Schools
from schoolsms.application.ports.history.purges import Purges
from schoolsms.domain.schools.support_contact import SupportContact

KINDS: tuple[type[DueNotice], ...] = (
    BalanceForfeited,
    ConsentsOffered,
    CorrectionProposed,
    CreditActivated,
    CreditDeadlineNear,
    CreditDeadlinePast,
    DailyLimitNear,
    FormalNoticeGiven,
    FormalNoticeLifted,
    HistoryPurged,
    InvoiceAgain,
    InvoiceLate,
    LowBalance,
    NotifiedToConfirm,
    OrderAlreadyReceived,
    OrderIncomplete,
    OrderInReview,
    OrderRejected,
    OrderToReview,
    PurgeAhead,
    QuestionForwarded,
    QuestionToAnswer,
    ReviewDeadlineNear,
    ReviewDeadlinePast,
    SchoolSuspended,
    SchoolTerminated,
    StockCorrected,
    StockUsedUp,
    SubscriptionEnding,
    SuspensionEnded,
)
_BY_NAME = {kind.kind: kind for kind in KINDS}


@dataclass(frozen=True)
class NotifyManagers:
    """Compose a notice from what is stored now, and send it to each address that has not had it."""

    orders: Orders
    schools: Schools
    acts: SchoolActs
    ledger: Ledger
    notices: Notices
    mailer: Mailer
    invoice_mails: MailInvoices
    purges: Purges
    clock: Clock
    order_inbox: str
    operator_email: str
    public_url: str = ""
    contact: SupportContact = SupportContact()

    def notify(self, kind: str, ids: Mapping[str, str]) -> int:
        """Send the notice `kind` about `ids`; return how many mails SES refused for good. Raises TransientError."""
        if kind not in _BY_NAME:
            raise ValueError(f"no notice is called {kind}")
        desk = MailDesk(
            orders=self.orders,
            schools=self.schools,
            acts=self.acts,
            ledger=self.ledger,
            purges=self.purges,
            invoice_mails=self.invoice_mails,
            mails=MailOnce(self.notices, self.mailer, self.clock, self.contact),
            order_inbox=self.order_inbox,
            operator_email=self.operator_email,
            public_url=self.public_url,
        )
        return _BY_NAME[kind](**ids).send(desk)
