"""The use case that mails what the queue of notices names, over the fakes."""

from schoolsms.application.mails.kinds.send_invoices import MailInvoices
from schoolsms.application.mails.notify_managers import NotifyManagers
from tests.fakes.core import FakeLedger, FakeMailer, FakeNotices, FakeSchoolActs, FakeSchools, ManualClock
from tests.fakes.history.purges import FakePurges
from tests.fakes.orders.invoices import FakeInvoices, FakePapers
from tests.fakes.orders.orders import FakeOrders


def mailing(
    schools: FakeSchools,
    ledger: FakeLedger,
    notices: FakeNotices,
    mailer: FakeMailer,
    clock: ManualClock,
    purges: FakePurges | None = None,
) -> NotifyManagers:
    """Return it for schools without orders and invoices."""
    return NotifyManagers(
        orders=FakeOrders(),
        schools=schools,
        acts=FakeSchoolActs(schools),
        ledger=ledger,
        notices=notices,
        mailer=mailer,
        invoice_mails=MailInvoices(FakeInvoices(), FakePapers(), schools, notices, mailer, clock),
        purges=purges or FakePurges(),
        clock=clock,
        order_inbox="commande-sms@skolengo.test",
        operator_email="sms@kosmos.test",
    )
