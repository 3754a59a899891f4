"""Write units of accepting: what reserves the credit is the same for 1 and for 10,000 recipients (R16)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from moto import mock_aws

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.consents import DynamoConsents
from schoolsms.domain.schools.stock import ledger
from tests.benchmarks.measuring.accept_once import body, event, handler
from tests.benchmarks.measuring.instructions import in_environment
from tests.benchmarks.measuring.tables import aim, table
from tests.benchmarks.measuring.units import UnitCounter
from tests.integration.conftest import ACCOUNTS, HISTORY
from tests.support.builders import NOW, SCHOOL, UAI
from tests.support.template import table_arguments

SIZES = (1, 500, 10_000)
STOCK = 100_000
ENVIRONMENT = {
    **{"ACCOUNTS_TABLE": ACCOUNTS, "HISTORY_TABLE": HISTORY, "CONSENTS_TABLE": "ConsentsTable"},
    **{"RECIPIENT_LISTS_BUCKET": "lists", "PHONES_SECRET": "phones"},
}

LIMITS = {"DELIVERY_WINDOW_SECONDS": "259200", "DEFAULT_DAILY_LIMIT": str(STOCK)}


def run() -> bool:
    """Print the table; whether the aim was held."""
    found = {size: _units(size) for size in SIZES}
    rows = [
        (f"{size:,}", units[ACCOUNTS], units[HISTORY], units.total(), units.total() * 1_000 / size)
        for size, units in found.items()
    ]
    header = ("recipients", "debit (accounts)", "request, pages (history)", "together", "per 1,000 SMS")
    table("Write units of accepting a request", header, rows)
    debits = {units[ACCOUNTS] for units in found.values()}
    return aim(f"the same write units of a debit for 1 and for 10,000: {sorted(debits)}", held=len(debits) == 1)


def _units(recipients: int) -> Counter[str]:
    with _account() as client:
        counter = UnitCounter(client, boto3.client("dynamodb"))
        with counter.watching():
            answer = handler()(event(body(recipients)), object())
        assert answer["statusCode"] == 202, answer["body"]
        return counter.units


@contextmanager
def _account() -> Iterator[Any]:
    """The client of the functions, over tables with one school that has SMS to spend."""
    from schoolsms.bootstrap.shared.clients import client

    with mock_aws(), in_environment(ENVIRONMENT | LIMITS):
        used = client("dynamodb")
        for name in (ACCOUNTS, HISTORY, ENVIRONMENT["CONSENTS_TABLE"]):
            used.create_table(**table_arguments(name))
        client("secretsmanager").create_secret(Name=ENVIRONMENT["PHONES_SECRET"], SecretString="key")
        DynamoSchools(Table(used, ACCOUNTS)).put(SCHOOL)
        DynamoLedger(Table(used, ACCOUNTS)).post(UAI, ledger.credit("BENCH", STOCK, NOW))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(DynamoConsents, "granted", _everybody)
            yield used


def _everybody(_: DynamoConsents, __: str, phones: Iterable[str]) -> frozenset[str]:
    """Let everybody consent without a read, because this benchmark does not count reads."""
    return frozenset(phones)
