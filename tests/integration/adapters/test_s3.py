"""Mails and documents as they lie in their buckets."""

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from schoolsms.adapters.s3 import DocumentStore, S3InboxFiles
from schoolsms.domain.errors import TransientError


@pytest.fixture
def stores(aws: None) -> tuple[DocumentStore, DocumentStore]:
    client = boto3.client("s3")
    for bucket in ("mail", "documents"):
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    return DocumentStore(client, "mail"), DocumentStore(client, "documents")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", bytes(range(256)) * 1_000])
def test_a_document_is_read_back_as_it_was_put(stores: tuple[DocumentStore, DocumentStore], content: bytes) -> None:
    store, _ = stores
    store.put("issued/BC26-ABCDEFGHIJ.pdf", content, "application/pdf")

    assert store.get("issued/BC26-ABCDEFGHIJ.pdf") == content


def test_a_document_keeps_its_type(stores: tuple[DocumentStore, DocumentStore]) -> None:
    stores[1].put("issued/BC26-ABCDEFGHIJ.pdf", b"%PDF-1.7", "application/pdf")

    head = boto3.client("s3").head_object(Bucket="documents", Key="issued/BC26-ABCDEFGHIJ.pdf")
    assert head["ContentType"] == "application/pdf"


def test_a_document_that_is_not_there_yet_is_a_transient_fault(stores: tuple[DocumentStore, DocumentStore]) -> None:
    with pytest.raises(TransientError):
        stores[0].get("inbound/not-there")


def test_a_bucket_that_does_not_answer_is_a_transient_fault(aws: None) -> None:
    store = DocumentStore(boto3.client("s3"), "no-such-bucket")

    with pytest.raises(TransientError):
        store.put("key", b"", "application/pdf")


def test_a_connection_that_fails_is_a_transient_fault(aws: None) -> None:
    client = boto3.client("s3")

    def fail(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://s3.test")

    client.meta.events.register_first("before-call.s3", fail)
    with pytest.raises(TransientError):
        DocumentStore(client, "mail").get("inbound/1")


def test_a_form_is_kept_as_received_under_its_order_and_its_mail(
    stores: tuple[DocumentStore, DocumentStore],
) -> None:
    mails, documents = stores
    mails.put("inbound/1", b"From: marie\r\n\r\n", "message/rfc822")
    files = S3InboxFiles(mails, documents)

    assert files.mail("inbound/1") == b"From: marie\r\n\r\n"
    assert files.keep_form("BC26-ABCDEFGHIJ", "MAIL1", b"%PDF filled") == "received/BC26-ABCDEFGHIJ/MAIL1"
    assert documents.get("received/BC26-ABCDEFGHIJ/MAIL1") == b"%PDF filled"
    assert files.kept("received/BC26-ABCDEFGHIJ/MAIL1") == b"%PDF filled"


def test_a_picture_is_kept_beside_its_form(stores: tuple[DocumentStore, DocumentStore]) -> None:
    files = S3InboxFiles(*stores)

    key = files.keep_picture("BC26-ABCDEFGHIJ", "MAIL1", 2, b"\x89PNG")
    assert key == files.keep_picture("BC26-ABCDEFGHIJ", "MAIL1", 2, b"\x89PNG")
    assert key.startswith("received/BC26-ABCDEFGHIJ/")  # what the functions may write and read
    assert files.kept(key) == b"\x89PNG"
    assert boto3.client("s3").head_object(Bucket="documents", Key=key)["ContentType"] == "image/png"
