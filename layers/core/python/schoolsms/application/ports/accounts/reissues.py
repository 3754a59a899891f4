"""Port of the reissue of cancelled invoices. Every method may raise TransientError."""

from typing import Protocol

from schoolsms.domain.orders.billing.invoices import Invoice
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import School


class Reissues(Protocol):
    """A reissue as it is asked for; `Invoices.number` gives the number."""

    def ask(self, invoice: Invoice, asked: Invoice, school: School, act: Act) -> bool:
        """Write `asked`, which is the cancelled `invoice` with the day its reissue is asked for, and the school's act
        that records it, in one transaction; False if it was asked for before, or another act of the school came since.
        """
