"""Events of SES about a mail, as its documentation shows them."""

import json
from datetime import UTC, datetime

import pytest

from schoolsms.adapters.mail.ses_events import UnknownMailEvent, mail_fate
from schoolsms.domain.schools.sent_mails import MailFate
from tests.support.functions.events import event

MAIL, MANAGER = "0107018f-mail-1", "marie.durand@lycee.test"


def body(case: str) -> str:
    written: str = event("record_mail_fates", case)["Records"][0]["body"]
    return written


def test_a_bounce_a_complaint_and_a_delivery_are_read() -> None:
    assert mail_fate(body("bounce")) == MailFate(
        MAIL, "bounced", (MANAGER,), datetime(2026, 11, 23, 9, 0, 4, tzinfo=UTC), "5.1.1", permanent=True
    )
    assert mail_fate(body("complaint")) == MailFate(
        MAIL, "complained", (MANAGER,), datetime(2026, 11, 23, 10, tzinfo=UTC), "abuse", permanent=True
    )
    assert mail_fate(body("delivery")) == MailFate(
        MAIL, "delivered", (MANAGER,), datetime(2026, 11, 23, 9, 0, 2, tzinfo=UTC)
    )


def test_a_bounce_that_may_pass_is_not_for_good_and_its_kind_stands_in_for_a_status() -> None:
    bounce = json.loads(body("bounce"))
    bounce["bounce"] |= {
        "bounceType": "Transient",
        "bounceSubType": "MailboxFull",
        "bouncedRecipients": [{"emailAddress": MANAGER}],
    }
    fate = mail_fate(json.dumps(bounce))
    assert fate
    assert (fate.code, fate.permanent) == ("MailboxFull", False)


def test_what_a_server_says_is_not_kept_because_it_may_quote_the_address() -> None:
    bounce = json.loads(body("bounce"))
    bounce["bounce"]["bouncedRecipients"][0]["status"] = f"5.1.1 <{MANAGER}>"
    fate = mail_fate(json.dumps(bounce))
    assert fate
    assert fate.code == "General"


def test_a_report_that_a_mail_is_no_spam_is_no_complaint() -> None:
    complaint = json.loads(body("complaint"))
    complaint["complaint"]["complaintFeedbackType"] = "not-spam"
    assert mail_fate(json.dumps(complaint)) is None


def test_other_events_are_no_fate() -> None:
    assert mail_fate(json.dumps({"eventType": "Send", "mail": {"messageId": MAIL}, "send": {}})) is None


@pytest.mark.parametrize(
    "written",
    ["", "[]", "{}", '"x"', '{"eventType": "Bounce", "mail": {"messageId": "1"}}', '{"mail": null}'],
)
def test_something_else_is_refused_without_quoting_it(written: str) -> None:
    with pytest.raises(UnknownMailEvent):
        mail_fate(written)
