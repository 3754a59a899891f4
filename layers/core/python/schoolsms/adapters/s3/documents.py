"""Mails and documents in S3."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from schoolsms.application.ports.accounts.documents import Stored
from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DOWNLOAD_WITHIN = timedelta(minutes=5)
BEGINNING = 1024
"""Bytes that tell what a document is."""


class DocumentStore:
    """One bucket. Raises TransientError whatever S3 says: a key we wrote ourselves is there, or soon will be."""

    def __init__(self, client: S3Client, bucket: str) -> None:
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

    def find(self, key: str, most: int) -> Stored | None:
        """Of a port `StoredDocuments`. To tell what is not there, S3 wants the right to list the bucket."""
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=key)
            size = found["ContentLength"]
            with found["Body"] as body:
                return Stored(body.read(size if size <= most else BEGINNING), size)
        except ClientError as exc:
            if exc.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise TransientError("S3: get") from exc
        except BotoCoreError as exc:
            raise TransientError("S3: get") from exc

    def link(self, key: str, content_type: str, filename: str) -> str:
        """Of a port `StoredDocuments`."""
        return self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ResponseContentType": content_type,
                "ResponseContentDisposition": f'attachment; filename="{filename}"',
                "ResponseCacheControl": "no-store",
            },
            ExpiresIn=int(DOWNLOAD_WITHIN.total_seconds()),
        )


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
