"""An invoice that is kept is never written again (R41)."""

import os

import boto3
import pytest
from mypy_boto3_s3 import S3Client

from schoolsms.adapters.invoices import FacturXPapers
from schoolsms.domain.errors import TransientError
from tests.fakes.orders.invoices import invoice

BUCKET = "documents"


@pytest.fixture
def s3(aws: None) -> S3Client:
    client = boto3.client("s3", region_name=os.environ["AWS_DEFAULT_REGION"])
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    return client


def test_an_invoice_is_kept_and_read(s3: S3Client) -> None:
    papers = FacturXPapers(s3, BUCKET)
    document = papers.make(invoice())
    assert papers.keep("2026-000001", document) == document
    assert papers.get("2026-000001") == document
    stored = s3.get_object(Bucket=BUCKET, Key="invoices/2026-000001.pdf")
    assert stored["ContentType"] == "application/pdf"


def test_the_first_one_kept_stays(s3: S3Client) -> None:
    """The paper kept is the one that was mailed, however often it is rendered."""
    papers = FacturXPapers(s3, BUCKET)
    papers.keep("2026-000001", b"%PDF first")
    assert papers.keep("2026-000001", b"%PDF second") == b"%PDF first"
    assert papers.get("2026-000001") == b"%PDF first"


def test_without_the_bucket_it_is_tried_again(s3: S3Client) -> None:
    papers = FacturXPapers(s3, "nowhere")
    with pytest.raises(TransientError):
        papers.keep("2026-000001", b"%PDF")
    with pytest.raises(TransientError):
        papers.get("2026-000001")
