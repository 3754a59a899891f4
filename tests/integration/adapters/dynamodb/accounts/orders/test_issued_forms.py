"""Issued forms are read back as they were written, and never replaced."""

from dataclasses import replace
from decimal import Decimal

import boto3
import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.orders.issued_forms import DynamoIssuedForms
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.s3.documents import DocumentStore
from schoolsms.domain.errors import TransientError
from tests.integration.conftest import ACCOUNTS
from tests.support.builders import FORM, ORDER_ID


@pytest.fixture
def forms(dynamodb: DynamoDBClient) -> DynamoIssuedForms:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="documents", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    return DynamoIssuedForms(Table(dynamodb, ACCOUNTS), DocumentStore(s3, "documents"))


def test_an_issued_form_is_read_back_with_its_document(forms: DynamoIssuedForms) -> None:
    odd = replace(FORM, vat_rate=Decimal("8.5"), quantities={}, contact_name="")
    forms.put(odd, b"%PDF-1.7 as issued")

    assert forms.get(ORDER_ID) == odd
    assert forms.document(ORDER_ID) == b"%PDF-1.7 as issued"


def test_a_form_nobody_issued_is_not_there(forms: DynamoIssuedForms) -> None:
    assert forms.get(ORDER_ID) is None
    with pytest.raises(TransientError):
        forms.document(ORDER_ID)


def test_a_form_never_replaces_another(forms: DynamoIssuedForms) -> None:
    """The prices of a form when it was handed out stay valid for it."""
    forms.put(FORM, b"%PDF-1.7 first")

    with pytest.raises(TransientError):
        forms.put(replace(FORM, quantities={"P1000": 999}), b"%PDF-1.7 second")

    assert forms.get(ORDER_ID) == FORM
