"""Encrypted on every way, and documents that nobody can make vanish, by `template.yaml` (R47)."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.template import resources

KINDS = {
    "AWS::S3::Bucket": ("AWS::S3::BucketPolicy", "Bucket", "s3:*"),
    "AWS::SQS::Queue": ("AWS::SQS::QueuePolicy", "Queues", "sqs:*"),
    "AWS::SNS::Topic": ("AWS::SNS::TopicPolicy", "Topics", "sns:Publish"),
}
STORES = sorted((kind, name) for kind in KINDS for name in resources(kind))


def statements(kind: str, name: str) -> Iterator[list[dict[str, Any]]]:
    """Of each policy that is attached to it."""
    policy_kind, attached, _ = KINDS[kind]
    for policy in resources(policy_kind).values():
        to = policy[attached] if isinstance(policy[attached], list) else [policy[attached]]
        if {"Ref": name} in to:
            yield policy["PolicyDocument"]["Statement"]


@pytest.mark.parametrize(("kind", "name"), STORES)
def test_nobody_reaches_a_store_but_over_tls(kind: str, name: str) -> None:
    [own] = statements(kind, name)  # a second policy of one resource would take the place of the first
    [denied] = [each for each in own if each["Effect"] == "Deny"]
    assert denied["Principal"] == "*"
    assert denied["Action"] == KINDS[kind][2]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    if kind == "AWS::S3::Bucket":
        assert denied["Resource"] == [{"Fn::GetAtt": f"{name}.Arn"}, {"Fn::Sub": f"${{{name}.Arn}}/*"}]


def test_alarms_may_still_be_published() -> None:
    """A policy takes the place of the one that every topic has, by which its account may publish."""
    [own] = statements("AWS::SNS::Topic", "OperatorAlarms")
    [allowed] = [each for each in own if each["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Action"] == "sns:Publish"


def test_mails_to_the_inbox_come_over_tls() -> None:
    [rule] = resources("AWS::SES::ReceiptRule").values()
    assert rule["Rule"]["TlsPolicy"] == "Require"


def test_a_document_that_is_written_over_or_deleted_is_kept_for_a_year() -> None:
    bucket = resources("AWS::S3::Bucket")["DocumentsBucket"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    [kept] = [each for each in bucket["LifecycleConfiguration"]["Rules"] if "ExpirationInDays" in each]
    assert kept["NoncurrentVersionExpiration"] == {"NoncurrentDays": 365}
    assert kept["ExpirationInDays"] >= 3652


@pytest.mark.parametrize("table", ["HistoryTable", "ConsentsTable"])
def test_no_backup_of_what_names_recipients_outlives_it(table: str) -> None:
    """R38, R45: a purged text and an erased number would live on in one."""
    kept = resources("AWS::DynamoDB::Table")
    assert "PointInTimeRecoverySpecification" not in kept[table]
    assert "PointInTimeRecoverySpecification" in kept["AccountsTable"]


@pytest.mark.parametrize("bucket", sorted(set(resources("AWS::S3::Bucket")) - {"DocumentsBucket"}))
def test_no_version_of_what_names_recipients_outlives_it(bucket: str) -> None:
    assert "VersioningConfiguration" not in resources("AWS::S3::Bucket")[bucket]
