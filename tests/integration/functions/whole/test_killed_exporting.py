"""An export killed while it writes is run again, and its file is whole (R36, R48)."""

import pytest

from schoolsms.application.history import export_history
from tests.support.builders import UAI
from tests.support.examples import a_request, lines_of
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.crash_injection import deaths
from tests.support.functions.events import event, failed, http, sqs

MESSAGES = 3


@pytest.fixture
def long(cloud: Cloud, school: str, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """A school with a history that is never short enough to be answered at once."""
    monkeypatch.setattr(export_history, "INLINE_LOOKS", 0)
    for number in range(MESSAGES):
        cloud.requests.store_and_debit(a_request(id=f"REQUESTAAAAAA{number}", cost_sms=0), lines_of(1), [], None)
    return cloud


def test_a_file_that_is_gone_on_with_is_whole(long: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = long.reference("ExportsBucket")
    for death in deaths():
        begun = long.call("school_api", event("school_api", "history_csv"))[1]["id"]
        due = sqs("export_history", "export_due", {"school": UAI, "export_id": begun})
        with death.befalling(monkeypatch):
            long.invoke("export_history", due)
        # An upload found spoiled is started anew by the next delivery.
        if failed(long.invoke("export_history", due)):
            assert failed(long.invoke("export_history", due)) == [], death

        shown = long.call("school_api", http("school_api", "export", path={"id": begun}))[1]
        assert (shown["state"], shown["rows"]) == ("ready", MESSAGES), death
        file = client("s3").get_object(Bucket=bucket, Key=f"{UAI}/{begun}.csv")["Body"].read()
        assert len(file.splitlines()) == 1 + MESSAGES, death
