"""The port `InvoicePapers`: made here, kept in the documents bucket under `invoices/<number>.pdf`, credit notes too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from schoolsms.adapters.s3.documents import DocumentStore
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.billing.credit_notes import CreditNote
from schoolsms.domain.orders.billing.invoices import Invoice

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class FacturXPapers:
    """Implements `InvoicePapers`. A stored paper is never written again: mail and archive are the same bytes."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def make(self, paper: Invoice | CreditNote) -> bytes:
        from schoolsms.adapters.invoices.factur_x import factur_x  # only who makes one pays for its libraries

        return factur_x(paper)

    def keep(self, number: str, document: bytes) -> bytes:
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=_key(number),
                Body=document,
                ContentType="application/pdf",
                IfNoneMatch="*",
            )
        except ClientError as exc:
            if exc.response["Error"]["Code"] == "PreconditionFailed":
                return self.get(number)
            raise TransientError("S3: put") from exc
        except BotoCoreError as exc:
            raise TransientError("S3: put") from exc
        return document

    def get(self, number: str) -> bytes:
        return DocumentStore(self._client, self._bucket).get(_key(number))


def _key(number: str) -> str:
    return f"invoices/{number}.pdf"
