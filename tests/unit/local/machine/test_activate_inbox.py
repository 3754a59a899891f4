import boto3
import pytest
from moto import mock_aws

from local.machine.activate_inbox import main


@pytest.fixture
def region(monkeypatch: pytest.MonkeyPatch) -> str:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    return "eu-west-3"


@pytest.mark.parametrize(("before", "code", "after"), [("ours", 0, "ours"), ("another", 1, "another")])
def test_a_rule_set_that_takes_other_mail_is_left_active(region: str, before: str, code: int, after: str) -> None:
    with mock_aws():
        ses = boto3.client("ses", region_name=region)
        for name in {"ours", before}:
            ses.create_receipt_rule_set(RuleSetName=name)
        ses.set_active_receipt_rule_set(RuleSetName=before)
        assert main(region, "ours") == code
        assert ses.describe_active_receipt_rule_set()["Metadata"]["Name"] == after
