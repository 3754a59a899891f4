"""Whose digital signatures are believed: the operator's list, and what it does to a form (R12)."""

from ssl import DER_cert_to_PEM_cert, PEM_cert_to_DER_cert
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from local.players.certificates import certified, signed
from schoolsms.domain.orders.forms import certificates
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http
from tests.support.functions.inbox import filled, ingest, mail
from tests.support.functions.log_privacy import Logs

FUNCTION = "operator_api"
AUTHORITY = certified("Autorité de l’académie", authority=True)
SIGNER = "Zoé Zéphyrine Lefèvre"
HEAD = certified(SIGNER, AUTHORITY)
TWO = DER_cert_to_PEM_cert(PEM_cert_to_DER_cert(HEAD.pem) + PEM_cert_to_DER_cert(AUTHORITY.pem))
KEY = HEAD.key.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()


def publish(cloud: Cloud, *entries: object) -> tuple[int, Any]:
    return cloud.call(FUNCTION, http(FUNCTION, "put_trusted_signers", body=list(entries)))


def published(cloud: Cloud) -> Any:
    return cloud.call(FUNCTION, event(FUNCTION, "get_trusted_signers"))


def test_nobody_is_trusted_at_first(cloud: Cloud) -> None:
    assert published(cloud) == (200, [])


def test_a_published_list_is_the_one_that_is_shown(cloud: Cloud) -> None:
    status, shown = cloud.call(FUNCTION, event(FUNCTION, "put_trusted_signers"))
    assert (status, len(shown)) == (200, 1)
    assert published(cloud) == (200, shown)

    untidy = f"\n  {HEAD.pem.strip()}\r\n\n"
    assert publish(cloud, AUTHORITY.pem, untidy, AUTHORITY.pem) == (200, [AUTHORITY.pem, HEAD.pem])
    assert published(cloud) == (200, [AUTHORITY.pem, HEAD.pem])
    assert publish(cloud) == (200, [])


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param("", id="nothing"),
        pytest.param("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", id="no certificate inside"),
        pytest.param("-----BEGIN CERTIFICATE-----\n***\n-----END CERTIFICATE-----\n", id="no base64 inside"),
        pytest.param(HEAD.pem.replace("MII", "MIA"), id="damaged"),
        pytest.param(HEAD.pem[:-30], id="cut off"),
        pytest.param(HEAD.pem + AUTHORITY.pem, id="two in one"),
        pytest.param(TWO, id="two in one armour"),
        pytest.param(KEY, id="a private key"),
        pytest.param(HEAD.pem + KEY, id="a certificate and its key"),
        pytest.param("Bag Attributes: x\n" + HEAD.pem, id="text before"),
        pytest.param("²" + HEAD.pem, id="not ASCII"),
        pytest.param(HEAD.pem + " " * certificates.LONGEST, id="too long"),
        pytest.param(7, id="a number"),
        pytest.param(None, id="null"),
    ],
)
def test_what_is_no_certificate_is_refused_by_its_place(cloud: Cloud, entry: object) -> None:
    status, body = publish(cloud, HEAD.pem, entry)

    assert (status, body["code"]) == (422, "invalid-request")
    (error,) = body["errors"]
    assert error["field"] == "1"
    assert error["detail"].endswith(".")
    assert published(cloud) == (200, [])


def test_a_list_longer_than_an_item_holds_is_refused(cloud: Cloud) -> None:
    assert publish(cloud, *[HEAD.pem] * (certificates.MOST + 1))[0] == 422


@pytest.mark.parametrize("case", ["get_trusted_signers", "put_trusted_signers"])
def test_nobody_but_the_operator_sees_or_changes_it(cloud: Cloud, case: str) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, case, claims={"roles": "[sms_manager]"}))[0] == 403


@pytest.mark.sandboxed
def test_a_change_holds_for_the_next_mail(inbox: Cloud, logs: Logs) -> None:
    logs.private.add(SIGNER)
    form = signed(filled(), HEAD)

    doubtful = ingest(inbox, mail(form), key="inbound/1")
    assert (doubtful.record.outcome, doubtful.codes) == ("review", ["signer-untrusted"])
    assert doubtful.record.reasons[0].field == SIGNER
    publish(inbox, AUTHORITY.pem)
    again = mail(form)
    again.replace_header("Message-ID", "<20261124090000.2@lycee.test>")
    assert ingest(inbox, again, key="inbound/2").record.outcome == "accepted"
