"""Mails and documents in S3."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class DocumentStore:
    """One bucket. Raises TransientError whatever S3 says: a key we wrote ourselves is there, or soon will be."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Write `content`; a repeat writes the same."""
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)
        except (ClientError, BotoCoreError) as exc:
            raise TransientError("S3: put") from exc

    def get(self, key: str) -> bytes:
        """The whole object."""
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except (ClientError, BotoCoreError) as exc:
            raise TransientError("S3: get") from exc


class S3InboxFiles:
    """Implements the port `InboxFiles`."""

    def __init__(self, mails: DocumentStore, documents: DocumentStore) -> None:
        self._mails = mails
        self._documents = documents

    def mail(self, key: str) -> bytes:
        return self._mails.get(key)

    def keep_form(self, order_id: str, mail_id: str, document: bytes) -> str:
        key = f"received/{order_id}/{mail_id}"
        self._documents.put(key, document, "application/octet-stream")
        return key

    def keep_picture(self, order_id: str, mail_id: str, number: int, png: bytes) -> str:
        key = f"received/{order_id}/{mail_id}-alteration-{number}.png"
        self._documents.put(key, png, "image/png")
        return key

    def kept(self, key: str) -> bytes:
        return self._documents.get(key)
