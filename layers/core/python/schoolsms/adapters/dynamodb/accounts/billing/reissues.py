"""The reissues that were asked for: `reissue_asked_on` of a cancelled invoice in the accounts table (R41)."""

from schoolsms.adapters.dynamodb.accounts.billing.invoices import invoice_key
from schoolsms.adapters.dynamodb.accounts.schools.school_changes import act_writes
from schoolsms.adapters.dynamodb.client.table import TableStore, assignments
from schoolsms.domain.orders.billing.invoices import Invoice
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import School


class DynamoReissues(TableStore):
    """Implements the port `Reissues`."""

    def ask(self, invoice: Invoice, asked: Invoice, school: School, act: Act) -> bool:
        if asked.reissue_asked_on is None:
            raise ValueError("no reissue is asked for")
        changes = {"reissue_asked_on": asked.reissue_asked_on.isoformat()}
        cancelled_only = (
            "#state = :cancelled AND attribute_exists(credit_note) AND attribute_not_exists(reissue_asked_on)"
        )
        values = changes | {"cancelled": "cancelled"}
        write = self._table.to_update(invoice_key(invoice.number), assignments(changes), cancelled_only, values)
        return self._table.try_transaction([write, *act_writes(self._table, school, act)]) is None
