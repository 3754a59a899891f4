"""Runs last of this folder: what a role allows and no test here used (R47).

Whenever some of the folder's tests did not run, these do not run either: `conftest.py` leaves them out.
"""

import pytest

from tests.support.functions.permissions import ANY_KEY, Call, grants, watch
from tests.support.template import resources

FUNCTIONS = sorted(resources("AWS::Serverless::Function"))
SECRETS = resources("AWS::SecretsManager::Secret")
BY_LAMBDA = "Lambda calls it with the function's role, for the function"
UNUSED = {
    "logs:CreateLogStream": BY_LAMBDA,
    "logs:PutLogEvents": BY_LAMBDA,
    "sqs:ReceiveMessage": BY_LAMBDA,
    "sqs:DeleteMessage": BY_LAMBDA,
    "sqs:GetQueueAttributes": BY_LAMBDA,
    "dynamodb:DescribeStream": BY_LAMBDA,
    "dynamodb:GetRecords": BY_LAMBDA,
    "dynamodb:GetShardIterator": BY_LAMBDA,
    "dynamodb:ListStreams": BY_LAMBDA,
    "sms-voice:SendTextMessage": "its client is of a session of its own, which is not watched",
    "secretsmanager:GetSecretValue": "functions share a process here, and what one of them read: see below",
}
"""Permissions that no test uses, with the reason for each."""

UNUSED_BY = {
    ("IssueInvoice", "s3:GetObject"): "what a run that died kept of an invoice is what the next one mails",
    ("IssueCreditNote", "s3:GetObject"): "the same, of a credit note",
    ("OperatorApi", "s3:ListBucket"): "a mail that is gone after its year is not there, instead of forbidden",
    ("ExportHistory", "sqs:SendMessage"): "what one run cannot finish it queues for the next one",
    ("ExerciseRights", "s3:DeleteObject"): "exports are taken away as lists are, by the same code",
    ("ExerciseRights", "s3:AbortMultipartUpload"): "an export may be cut short at any time, and never is at this one",
    ("PurgeHistory", "s3:AbortMultipartUpload"): "an export may be cut short at any time, and never is at this one",
}
"""The same, of one function."""


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_allows_nothing_that_no_test_uses(function: str) -> None:
    made = watch().made.get(function, set())
    needless = [grant for grant in grants(function) if not any(call.is_under(grant) for call in made)]
    unexplained = [grant for grant in needless if not {grant.action, (function, grant.action)} & {*UNUSED, *UNUSED_BY}]
    assert sorted(unexplained) == []


def test_every_reason_is_about_something_that_is_allowed() -> None:
    allowed = {(function, grant.action) for function in FUNCTIONS for grant in grants(function)}
    assert sorted(set(UNUSED) - {action for _, action in allowed}) == []
    assert sorted(set(UNUSED_BY) - allowed) == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_reads_the_secrets_that_its_environment_names(function: str) -> None:
    variables = resources("AWS::Serverless::Function")[function].get("Environment", {}).get("Variables", {})
    named = {value.get("Ref") for value in variables.values() if isinstance(value, dict)} & set(SECRETS)
    read = {grant.resource for grant in grants(function) if grant.action == "secretsmanager:GetSecretValue"}
    assert read == named


def test_a_write_to_the_accounts_names_its_partitions() -> None:
    """One table for ten years' accounts: whoever may write a template must not be able to write a balance."""
    writes = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
    unbound = [
        (function, grant)
        for function in FUNCTIONS
        for grant in grants(function)
        if grant.action in writes and grant.resource == "AccountsTable" and grant.key == ANY_KEY
    ]
    assert unbound == []


@pytest.mark.parametrize(
    ("key", "writers"),
    [
        ("TRUSTED_SIGNERS", {"OperatorApi"}),
        ("PRICES", {"OperatorApi"}),
        ("CLOSURES", {"OperatorApi"}),
        (
            "LEDGER#0750655E",
            {"AcceptSendRequest", "CancelSendRequest", "CreditOrder", "DispatchMessages"}
            | {"ExpireMessages", "ForfeitBalances", "CorrectionsApi"},
        ),
    ],
)
def test_only_whom_it_is_for_writes_it(key: str, writers: set[str]) -> None:
    found = {
        function
        for function in FUNCTIONS
        for action in ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem")
        if any(Call(action, "AccountsTable", key).is_under(grant) for grant in grants(function))
    }
    assert found == writers
