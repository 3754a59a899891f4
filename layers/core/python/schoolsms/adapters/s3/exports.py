"""Exports in a bucket of their own, `<uai>/<id>.csv` beside `<uai>/<id>.json`, which says how far it has come.

S3 removes them after a day, incomplete uploads too. A file is a multipart upload, which S3 completes only if each part
is still the one that was uploaded, so that two runs at once never make one file of two halves.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from schoolsms.adapters.s3.documents import DocumentStore
from schoolsms.application.ports.history.exports import Export, ExportSpoiled
from schoolsms.domain.errors import TransientError
from schoolsms.domain.history.history_messages import HistorySearch
from schoolsms.domain.ids import random_id

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONTENT_TYPE = "text/csv; charset=utf-8"
MOST_STATE = 1_000_000
_id = re.compile(r"[A-Z2-7]{14}")


class S3Exports:
    """Implements the port `Exports`."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket
        self._store = DocumentStore(client, bucket)

    def get(self, uai: str, export_id: str) -> Export | None:
        found = self._store.find(_key(uai, export_id, "json"), MOST_STATE) if _id.fullmatch(export_id) else None
        return _export(json.loads(found.content)) if found else None

    def save(self, export: Export) -> None:
        state = json.dumps(asdict(export), default=lambda moment: moment.isoformat())
        self._store.put(_key(export.school, export.id, "json"), state.encode(), "application/json")

    def begin(self, export: Export) -> str:
        try:
            return self._client.create_multipart_upload(**self._file(export), ContentType=CONTENT_TYPE)["UploadId"]
        except (ClientError, BotoCoreError) as exc:
            raise TransientError("S3: begin an upload") from exc

    def add(self, export: Export, content: bytes) -> str:
        number = len(export.parts) + 1
        try:
            return self._client.upload_part(
                **self._file(export), UploadId=export.upload, PartNumber=number, Body=content
            )["ETag"]
        except (ClientError, BotoCoreError) as exc:
            raise _said(exc, "S3: upload a part") from exc

    def finish(self, export: Export) -> None:
        parts: list[Any] = [{"PartNumber": number, "ETag": part} for number, part in enumerate(export.parts, 1)]
        try:
            self._client.complete_multipart_upload(
                **self._file(export), UploadId=export.upload, MultipartUpload={"Parts": parts}
            )
        except (ClientError, BotoCoreError) as exc:
            raise _said(exc, "S3: complete an upload") from exc

    def link(self, export: Export, filename: str) -> str:
        return self._store.link(_key(export.school, export.id, "csv"), CONTENT_TYPE, filename)

    def _file(self, export: Export) -> Any:
        return {"Bucket": self._bucket, "Key": _key(export.school, export.id, "csv")}


class S3ConsentFiles:
    """Implements the port `ConsentFiles`, in the bucket of exports: `<uai>/consents-<id>.csv`."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._store = DocumentStore(client, bucket)

    def keep(self, uai: str, content: bytes, content_type: str, filename: str) -> str:
        key = f"{uai}/consents-{random_id()}.csv"
        self._store.put(key, content, content_type)
        return self._store.link(key, content_type, filename)


def _said(exc: Exception, doing: str) -> Exception:
    code = exc.response["Error"]["Code"] if isinstance(exc, ClientError) else ""
    return ExportSpoiled() if code in ("NoSuchUpload", "InvalidPart") else TransientError(doing)


def _key(uai: str, export_id: str, kind: str) -> str:
    return f"{uai}/{export_id}.{kind}"


def _export(state: dict[str, Any]) -> Export:
    search = state.pop("search")
    since, until = (_moment(search.pop(name)) for name in ("since", "until"))
    return Export(**{**state, "parts": tuple(state["parts"])}, search=HistorySearch(since=since, until=until, **search))


def _moment(written: str | None) -> date | datetime | None:
    if written is None:
        return None
    return date.fromisoformat(written) if len(written) == len("AAAA-MM-JJ") else datetime.fromisoformat(written)
