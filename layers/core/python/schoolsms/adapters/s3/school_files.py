"""Files that schools upload and export, in buckets of their own, under `<uai>/`; S3 removes them after a day."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3SchoolFiles:
    """Implements the port `SchoolFiles`."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def delete_older_than(self, uai: str, before: datetime) -> int:
        try:
            return self._half_written(uai, before) + self._written(uai, before)
        except (ClientError, BotoCoreError) as exc:
            raise TransientError("S3: list and delete") from exc

    def _half_written(self, uai: str, before: datetime) -> int:
        """Uploads in parts that were begun before and never came to a file."""
        removed = 0
        pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket, Prefix=f"{uai}/")
        for found in (each for page in pages for each in page.get("Uploads", [])):
            if found["Initiated"] < before:
                self._client.abort_multipart_upload(Bucket=self._bucket, Key=found["Key"], UploadId=found["UploadId"])
                removed += 1
        return removed

    def _written(self, uai: str, before: datetime) -> int:
        removed = 0
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=f"{uai}/"):
            old: list[Any] = [
                {"Key": found["Key"]} for found in page.get("Contents", []) if found["LastModified"] < before
            ]
            if old:
                answer = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": old, "Quiet": True})
                if answer.get("Errors"):
                    raise TransientError("S3: delete")
            removed += len(old)
        return removed
