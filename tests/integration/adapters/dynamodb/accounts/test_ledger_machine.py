"""The ledger machine lives through the tables too: the same promises, over the adapter (R18)."""

from hypothesis import settings
from moto import mock_aws

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.client.table import Table
from tests.integration.conftest import ACCOUNTS, dynamodb_client
from tests.support.template import table_arguments
from tests.unit.domain.schools.stock.test_ledger_machine import LedgerMachine


class DynamoLedgerMachine(LedgerMachine):
    """In one thread, as moto allows; rivals are in the journeys."""

    def new_ledger(self) -> DynamoLedger:
        self.aws = mock_aws()
        self.aws.start()
        dynamodb_client().create_table(**table_arguments(ACCOUNTS))
        return DynamoLedger(Table(dynamodb_client(), ACCOUNTS))

    def teardown(self) -> None:
        self.aws.stop()


TestDynamoLedgerMachine = DynamoLedgerMachine.TestCase
TestDynamoLedgerMachine.settings = settings(max_examples=10, stateful_step_count=25, deadline=None)
