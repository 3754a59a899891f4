"""Mails and documents as they lie in their buckets."""

from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from schoolsms.adapters.s3.documents import DocumentStore, S3InboxFiles
from schoolsms.application.ports.accounts.documents import Stored
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


def test_a_picture_is_kept_beside_its_form(stores: tuple[DocumentStore, DocumentStore]) -> None:
    files = S3InboxFiles(*stores)

    key = files.keep_picture("BC26-ABCDEFGHIJ", "MAIL1", 2, b"\x89PNG")
    assert key == files.keep_picture("BC26-ABCDEFGHIJ", "MAIL1", 2, b"\x89PNG")
    assert key.startswith("received/BC26-ABCDEFGHIJ/")  # what the functions may write and read
    assert stores[1].get(key) == b"\x89PNG"
    assert boto3.client("s3").head_object(Bucket="documents", Key=key)["ContentType"] == "image/png"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", bytes(4_000)])
def test_a_document_that_is_not_too_large_is_found_whole(
    stores: tuple[DocumentStore, DocumentStore], content: bytes
) -> None:
    stores[0].put("inbound/1", content, "message/rfc822")

    assert stores[0].find("inbound/1", 4_000) == Stored(content, len(content))


def test_of_a_larger_one_the_beginning_is_found(stores: tuple[DocumentStore, DocumentStore]) -> None:
    stores[0].put("inbound/1", b"%PDF-" + bytes(4_000), "message/rfc822")

    assert stores[0].find("inbound/1", 4_000) == Stored(b"%PDF-" + bytes(1_019), 4_005)


def test_a_document_that_is_kept_no_more_is_none(stores: tuple[DocumentStore, DocumentStore]) -> None:
    assert stores[0].find("inbound/1", 4_000) is None


def test_a_bucket_that_does_not_let_look_is_a_transient_fault(aws: None) -> None:
    with pytest.raises(TransientError):
        DocumentStore(boto3.client("s3"), "no-such-bucket").find("inbound/1", 4_000)


def test_a_link_lasts_five_minutes_and_says_what_is_downloaded(stores: tuple[DocumentStore, DocumentStore]) -> None:
    link = urlsplit(stores[1].link("received/BC26-ABCDEFGHIJ/MAIL1", "application/pdf", "recu.pdf"))

    query = parse_qs(link.query)
    assert link.path.endswith("received/BC26-ABCDEFGHIJ/MAIL1")
    assert (query["X-Amz-Algorithm"], query["X-Amz-Expires"]) == (["AWS4-HMAC-SHA256"], ["300"])
    assert query["response-content-type"] == ["application/pdf"]
    assert query["response-content-disposition"] == ['attachment; filename="recu.pdf"']
