"""The wiring of the audit of all accounts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap.shared import stores

if TYPE_CHECKING:
    from schoolsms.application.schools.audit_accounts import AuditAccounts


@cache
def audit_accounts() -> AuditAccounts:
    from schoolsms.adapters.dynamodb.accounts.audits import DynamoAuditedNumbers, DynamoAuditRuns
    from schoolsms.adapters.dynamodb.history.requests.audited_requests import DynamoAuditedRequests
    from schoolsms.application.orders.billing.audit_orders import AuditOrders
    from schoolsms.application.schools.audit_accounts import AuditAccounts
    from schoolsms.application.schools.stock.audit_corrections import AuditCorrections
    from schoolsms.application.sending.audit_requests import AuditRequests

    clock = SystemClock()
    requests = DynamoAuditedRequests(stores.history_table(), stores.ledger(), stores.purges())
    orders = AuditOrders(
        orders=stores.orders(),
        ledger=stores.ledger(),
        invoices=stores.invoices(),
        credit_notes=stores.credit_notes(),
        numbers=DynamoAuditedNumbers(stores.accounts_table()),
        clock=clock,
    )
    return AuditAccounts(
        schools=stores.schools(),
        ledger=stores.ledger(),
        audits=[
            AuditRequests(stores.schools(), requests),
            orders,
            AuditCorrections(stores.corrections(), stores.ledger()),
        ],
        numbers=orders,
        runs=DynamoAuditRuns(stores.accounts_table()),
        clock=clock,
    )
