"""STOP comes by HTTP or by AWS's topic, and nothing of it is logged (R24, R33, R46)."""

from typing import Any

import pytest

from tests.integration.functions.cloud import Cloud
from tests.integration.functions.events import event, failed, http
from tests.integration.functions.private import Logs
from tests.phone_network_server import RECEIPT_SECRET

FUNCTION = "heed_replies"


@pytest.fixture
def consented(cloud: Cloud, school: str) -> Cloud:  # noqa: ARG001 - the school comes first
    assert cloud.call("school_api", event("school_api", "put_consent"))[0] == 201
    return cloud


def consent(cloud: Cloud) -> Any:
    (found,) = cloud.call("school_api", event("school_api", "consents"))[1]["items"]
    return found


def test_ovhcloud_brings_a_stop(consented: Cloud, logs: Logs) -> None:
    path = {"provider": "ovh", "secret": RECEIPT_SECRET}
    answer = consented.invoke(FUNCTION, http(FUNCTION, "stop", path=path))

    assert answer["statusCode"] == 204
    assert consent(consented)["state"] == "withdrawn"
    assert consent(consented)["events"][-1]["by"] == "le destinataire, par SMS (ovh)"
    (line,) = logs.lines("reply heeded")
    assert (line["provider"], line["outcome"]) == ("ovh", "withdrawn")


def test_aws_brings_a_stop_by_its_topic(consented: Cloud) -> None:
    assert failed(consented.invoke("record_receipts", event("record_receipts", "aws_stop"))) == []
    assert consent(consented)["state"] == "withdrawn"


def test_a_forged_stop_is_not_found(consented: Cloud) -> None:
    path = {"provider": "ovh", "secret": "a-guess"}
    assert consented.call(FUNCTION, http(FUNCTION, "stop", path=path))[0] == 404
    assert consent(consented)["state"] == "granted"


def test_while_consents_cannot_be_written_it_is_to_be_brought_again(consented: Cloud) -> None:
    path = {"provider": "ovh", "secret": RECEIPT_SECRET}
    with consented.outage("dynamodb"):
        assert consented.call(FUNCTION, http(FUNCTION, "stop", path=path))[0] == 503
        assert len(failed(consented.invoke("record_receipts", event("record_receipts", "aws_stop")))) == 1
    assert consented.invoke(FUNCTION, http(FUNCTION, "stop", path=path))["statusCode"] == 204
    assert consent(consented)["state"] == "withdrawn"
