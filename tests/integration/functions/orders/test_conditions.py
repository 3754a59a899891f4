"""Anybody reads the conditions that an order form accepts (R4)."""

import base64
import hashlib

import pytest

from schoolsms.domain.orders.forms.accepted_texts import CONDITIONS
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import Event, event, http

FUNCTION = "issue_order_form"


def asked(version: str) -> Event:
    return http(FUNCTION, "conditions", path={"version": version})


def test_the_version_that_a_form_names_is_a_page_with_its_digest(cloud: Cloud) -> None:
    answer = cloud.invoke(FUNCTION, event(FUNCTION, "conditions"))

    assert answer["headers"]["content-type"] == "text/html; charset=utf-8"
    assert "<h2>3. Commande du service</h2>" in answer["body"]
    assert CONDITIONS.sha256 in answer["body"]


def test_the_published_file_has_the_digest_that_orders_keep(cloud: Cloud) -> None:
    answer = cloud.invoke(FUNCTION, asked("2026-09.txt"))

    assert hashlib.sha256(base64.b64decode(answer["body"])).hexdigest() == CONDITIONS.sha256


def test_the_conditions_are_a_pdf_too(cloud: Cloud) -> None:
    assert base64.b64decode(cloud.invoke(FUNCTION, asked("2026-09.pdf"))["body"]).startswith(b"%PDF-1")


@pytest.mark.parametrize("version", ["2025-09", "2026-09.doc", "../conditions/2026-09", "2026-09.txt.txt"])
def test_a_version_that_there_is_not_is_not_found(cloud: Cloud, version: str) -> None:
    assert cloud.invoke(FUNCTION, asked(version))["statusCode"] == 404
