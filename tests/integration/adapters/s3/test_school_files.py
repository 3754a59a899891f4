"""Files that a school uploaded are purged with its year (R38)."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from schoolsms.adapters.s3.school_files import S3SchoolFiles
from schoolsms.domain.errors import TransientError
from tests.support.builders import OTHER_UAI, UAI


def test_the_files_of_the_school_written_before_go_and_no_others(aws: None) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="lists", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    for key in (f"{UAI}/a.csv", f"{UAI}/b.csv", f"{OTHER_UAI}/a.csv"):
        s3.put_object(Bucket="lists", Key=key, Body=b"numero\n0612345678\n")
    files = S3SchoolFiles(s3, "lists")
    now = datetime.now(UTC)

    assert files.delete_older_than(UAI, now - timedelta(hours=1)) == 0
    assert files.delete_older_than(UAI, now + timedelta(hours=1)) == 2
    assert files.delete_older_than(UAI, now + timedelta(hours=1)) == 0
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="lists")["Contents"]] == [f"{OTHER_UAI}/a.csv"]


def test_what_was_uploaded_by_half_goes_too(aws: None) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="exports", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    for uai in (UAI, OTHER_UAI):
        begun = s3.create_multipart_upload(Bucket="exports", Key=f"{uai}/a.csv")
        s3.upload_part(Bucket="exports", Key=f"{uai}/a.csv", UploadId=begun["UploadId"], PartNumber=1, Body=b"06")
    files = S3SchoolFiles(s3, "exports")

    assert files.delete_older_than(UAI, datetime.now(UTC) + timedelta(hours=1)) == 1
    left = s3.list_multipart_uploads(Bucket="exports")["Uploads"]
    assert [each["Key"] for each in left] == [f"{OTHER_UAI}/a.csv"]


def test_a_bucket_that_does_not_answer_is_asked_again(aws: None) -> None:
    with pytest.raises(TransientError):
        S3SchoolFiles(boto3.client("s3"), "nowhere").delete_older_than(UAI, datetime.now(UTC))
