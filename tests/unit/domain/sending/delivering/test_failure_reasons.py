"""Why a message did not arrive, in French, and what to do (§5)."""

from typing import Any, get_args

import pytest

from schoolsms.domain.sending.delivering.failure_reasons import CancelCause, ReasonCode, failure_of
from schoolsms.domain.sending.delivering.statuses import Status


@pytest.mark.parametrize("code", get_args(ReasonCode))
def test_every_class_says_why_and_what_to_do(code: Any) -> None:
    failure = failure_of("undeliverable", code)
    assert failure is not None
    assert failure.code == code
    assert failure.text[0].isupper()
    assert failure.advice[0].isupper()
    assert failure.advice.endswith(".")


@pytest.mark.parametrize("code", get_args(CancelCause))
def test_only_a_message_that_consent_stopped_speaks_of_consent(code: Any) -> None:
    failure = failure_of("cancelled", code)
    assert failure is not None
    assert ("onsent" in failure.text + failure.advice) == (code == "consent-withdrawn")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("undeliverable", "unreachable"),
        ("expired", "expired"),
        ("failed", "not-sent"),
        ("cancelled", "cancelled"),
        ("delivered", None),
        ("queued", None),
        ("sent", None),
        ("uncertain", None),
    ],
)
def test_without_a_class_the_status_says_why(status: Status, code: str | None) -> None:
    failure = failure_of(status)
    assert (failure.code if failure else None) == code
