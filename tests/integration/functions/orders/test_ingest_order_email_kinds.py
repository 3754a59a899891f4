"""Each way a form comes back, with its own event, ends where it should (R5-R8, R11)."""

import json
from pathlib import Path

import pytest

from schoolsms.domain.ids import digest_id
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, failed
from tests.support.functions.inbox import stored
from tests.support.functions.order_mails import KINDS, key_of
from tests.support.template import ROOT

FUNCTION = "ingest_order_email"
OTHERS = {"mail_stored", "poisoned_beside_good", "s3_test_event"}


def test_every_kind_of_mail_has_its_event() -> None:
    cases = {Path(each).stem for each in (ROOT / "events" / FUNCTION).glob("*.json")}
    assert cases - OTHERS == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_of_each_kind_becomes_what_it_is(inbox: Cloud, kind: str) -> None:
    notification = event(FUNCTION, kind)
    key = json.loads(notification["Records"][0]["body"])["Records"][0]["s3"]["object"]["key"]
    assert key == key_of(kind)
    inbox.mails.put(key, stored(KINDS[kind].mail()), "message/rfc822")

    assert failed(inbox.invoke(FUNCTION, notification)) == []

    record = inbox.orders.mail(digest_id(key))
    assert record is not None
    assert record.outcome == KINDS[kind].outcome, record.reasons
