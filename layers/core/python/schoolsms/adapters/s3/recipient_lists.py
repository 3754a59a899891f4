"""Recipient lists in a bucket of their own: `<uai>/<list id>.csv`, uploaded by schools, gone after a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from schoolsms.application.ports.recipient_lists import MAX_LIST_BYTES, Upload
from schoolsms.domain.errors import RefusedError, TransientError
from schoolsms.domain.ids import random_id

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

UPLOAD_WITHIN = timedelta(minutes=15)
CONTENT_TYPE = "text/csv"


class S3RecipientLists:
    """Implements the port `RecipientLists`; its client is made on first use, because few requests name a list."""

    def __init__(self, client: Callable[[], S3Client], bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def open(self, uai: str, now: datetime) -> Upload:
        list_id = random_id()
        # A form, because the signature of a PUT cannot say how large the list may be: S3 would keep any size.
        form = self._client().generate_presigned_post(
            self._bucket,
            _key(uai, list_id),
            Fields={"Content-Type": CONTENT_TYPE},
            Conditions=[{"Content-Type": CONTENT_TYPE}, ["content-length-range", 1, MAX_LIST_BYTES]],
            ExpiresIn=int(UPLOAD_WITHIN.total_seconds()),
        )
        return Upload(list_id, form["url"], form["fields"], now + UPLOAD_WITHIN)

    def read(self, uai: str, list_id: str) -> bytes | None:
        try:
            found = self._client().get_object(Bucket=self._bucket, Key=_key(uai, list_id))
            if found["ContentLength"] > MAX_LIST_BYTES:
                raise RefusedError(
                    f"La liste dépasse {MAX_LIST_BYTES // 1_000_000} Mo : partagez-la en plusieurs.", "invalid-list"
                )
            return found["Body"].read()
        except ClientError as exc:
            if exc.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise TransientError("S3: get") from exc
        except BotoCoreError as exc:
            raise TransientError("S3: get") from exc

    def discard(self, uai: str, list_id: str) -> None:
        try:
            self._client().delete_object(Bucket=self._bucket, Key=_key(uai, list_id))
        except (ClientError, BotoCoreError):
            return  # the bucket forgets it after a day


def _key(uai: str, list_id: str) -> str:
    return f"{uai}/{list_id}.csv"
