"""Exports in S3: found again as they were, and files whole or not at all (R36)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import boto3
import pytest
from botocore.stub import Stubber
from mypy_boto3_s3 import S3Client

from schoolsms.adapters.s3.exports import S3ConsentFiles, S3Exports
from schoolsms.application.ports.history.exports import Export, ExportSpoiled
from schoolsms.domain.errors import TransientError
from schoolsms.domain.history.history_messages import HistorySearch
from tests.support.builders import OTHER_UAI, UAI

BUCKET = "exports"
EXPORT = Export("EXPORTAAAAAAAA", UAI, "2026-27", HistorySearch())


@pytest.fixture
def s3(aws: None) -> S3Client:
    client: S3Client = boto3.client("s3", region_name="eu-west-3")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    return client


@pytest.fixture
def exports(s3: S3Client, monkeypatch: pytest.MonkeyPatch) -> S3Exports:
    monkeypatch.setattr("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", 5)
    return S3Exports(s3, BUCKET)


SEARCHES = [
    HistorySearch(),
    HistorySearch(date(2026, 11, 1), date(2026, 11, 30), "+33612345650", "delivered", "zoé"),
    HistorySearch(since=datetime(2026, 11, 23, 10, 30, tzinfo=UTC), until=date(2026, 12, 1)),
]


@pytest.mark.parametrize("search", SEARCHES)
def test_an_export_is_found_as_it_was_saved(exports: S3Exports, search: HistorySearch) -> None:
    export = replace(EXPORT, search=search, state="ready", cursor="a|1|2", rows=7, upload="u", parts=("a", "b"))
    exports.save(export)
    assert exports.get(UAI, EXPORT.id) == export


@pytest.mark.parametrize("wanted", [(OTHER_UAI, EXPORT.id), (UAI, "EXPORTBBBBBBBB"), (UAI, "../x"), (UAI, "")])
def test_nothing_else_is_found(exports: S3Exports, wanted: tuple[str, str]) -> None:
    """R2."""
    exports.save(EXPORT)
    assert exports.get(*wanted) is None


def test_parts_become_a_file(exports: S3Exports, s3: S3Client) -> None:
    export = replace(EXPORT, upload=exports.begin(EXPORT))
    for content in (b"Accept", b"\xc3\xa9 le"):
        export = replace(export, parts=(*export.parts, exports.add(export, content)))
    exports.finish(export)

    found = s3.get_object(Bucket=BUCKET, Key=f"{UAI}/{EXPORT.id}.csv")
    assert (found["Body"].read().decode(), found["ContentType"]) == ("Accepté le", "text/csv; charset=utf-8")
    assert "historique.csv" in exports.link(export, "historique.csv")


def test_a_part_that_another_wrote_again_spoils_the_file(exports: S3Exports) -> None:
    export = replace(EXPORT, upload=exports.begin(EXPORT))
    mine = exports.add(export, b"mine, and mine")
    exports.add(export, b"theirs, not mine")
    with pytest.raises(ExportSpoiled):
        exports.finish(replace(export, parts=(mine,)))


@pytest.mark.parametrize(
    ("code", "raised"),
    [("NoSuchUpload", ExportSpoiled), ("SlowDown", TransientError), ("AccessDenied", TransientError)],
)
def test_an_upload_that_is_gone_is_begun_again_and_anything_else_tried_again(
    s3: S3Client, code: str, raised: type[Exception]
) -> None:
    """Gone: it was finished, or a day went by."""
    export = replace(EXPORT, upload="UPLOAD", parts=("tag",))
    with Stubber(s3) as stubbed:
        stubbed.add_client_error("upload_part", code)
        stubbed.add_client_error("complete_multipart_upload", code)
        stubbed.add_client_error("create_multipart_upload", code)
        exports = S3Exports(s3, BUCKET)
        with pytest.raises(raised):
            exports.add(export, b"more")
        with pytest.raises(raised):
            exports.finish(export)
        with pytest.raises(TransientError):
            exports.begin(export)


def test_a_file_of_consents_is_kept_beside_the_exports_of_its_school(exports: S3Exports, s3: S3Client) -> None:
    """An erasure removes all that is under the school's name there (R45)."""
    url = S3ConsentFiles(s3, BUCKET).keep(UAI, b"csv", "text/csv; charset=utf-8", "consentements-sms.csv")
    (found,) = s3.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert found["Key"].startswith(f"{UAI}/consents-")
    assert s3.get_object(Bucket=BUCKET, Key=found["Key"])["Body"].read() == b"csv"
    assert found["Key"] in url
    assert "X-Amz-Expires=300" in url or "Expires=" in url
