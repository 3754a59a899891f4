"""A manager downloads the order form, prefilled, under a number of its own (R6)."""

import base64
import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from tests.integration.conftest import ACCOUNTS, dynamodb_client
from tests.support.builders import SCHOOL, UAI
from tests.support.examples import keys
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import Event, event, http

FUNCTION = "issue_order_form"


def form(query: dict[str, str] | None = None, **changes: Any) -> Event:
    return http(FUNCTION, "prefilled", query=query, **changes)


def test_the_form_is_prefilled_with_what_is_known(cloud: Cloud, school: str) -> None:
    answer = cloud.invoke(FUNCTION, event(FUNCTION, "prefilled"))

    assert answer["statusCode"] == 200
    assert answer["isBase64Encoded"] is True
    assert answer["headers"]["content-type"] == "application/pdf"
    pdf = base64.b64decode(answer["body"])
    fields = PdfReader(io.BytesIO(pdf)).get_form_text_fields()
    assert fields["uai"] == UAI
    assert fields["siret"] == SCHOOL.siret
    assert fields["contact_email"] == "marie.durand@lycee.test"
    assert fields["qty_P1000"] == "2"
    order_id = fields["order_id"]
    assert answer["headers"]["content-disposition"] == f'attachment; filename="bon-de-commande-{order_id}.pdf"'
    kept = cloud.forms.get(str(order_id))
    assert kept is not None
    assert (kept.uai, kept.quantities, kept.school_year) == (UAI, {"P1000": 2}, "2026-27")
    assert cloud.forms.document(str(order_id)) == pdf


def test_each_form_has_its_own_number(cloud: Cloud, school: str) -> None:
    names = {cloud.invoke(FUNCTION, form())["headers"]["content-disposition"] for _ in range(2)}

    assert len(names) == 2


def test_a_quantity_that_is_said_twice_is_refused(cloud: Cloud, school: str) -> None:
    """API Gateway joins the values of a repeated parameter by a comma."""
    status, body = cloud.call(FUNCTION, form({"P1000": "1,2"}))

    assert (status, body["code"]) == (422, "invalid-quantity")
    assert not any(sk == "FORM" for _, sk in keys(dynamodb_client(), ACCOUNTS))


def test_a_quantity_that_is_none_as_it_comes(cloud: Cloud, school: str) -> None:
    assert cloud.call(FUNCTION, event(FUNCTION, "quantity_that_is_none"))[0] == 422


@pytest.mark.parametrize("pack", ["P999", "qty_P1000", "p1000", "", "P1000\n", "é"])
def test_a_pack_that_is_not_on_the_price_list_is_refused(cloud: Cloud, school: str, pack: str) -> None:
    status, body = cloud.call(FUNCTION, form({pack: "1"}))

    assert (status, body["code"]) == (422, "unknown-pack")
    assert "Ceux qui y sont\u00a0: P500, P1000, P2500, P5000, P10000." in body["detail"]


@pytest.mark.parametrize("query", [{}, {"P1000": "0"}])
def test_quantities_may_be_filled_in_later(cloud: Cloud, school: str, query: dict[str, str]) -> None:
    answer = cloud.invoke(FUNCTION, form(query))

    fields = PdfReader(io.BytesIO(base64.b64decode(answer["body"]))).get_form_text_fields()
    assert not fields["qty_P1000"]


@pytest.mark.parametrize(
    "claims", [{"roles": "[sms_sender]"}, {"roles": "[operator]"}, {"roles": None}, {"school": None}, {"sub": None}]
)
def test_only_a_manager_of_a_school_gets_one(cloud: Cloud, school: str, claims: dict[str, str | None]) -> None:
    assert cloud.call(FUNCTION, form(claims=claims))[0] == 403


def test_a_school_that_is_not_registered_gets_none(cloud: Cloud) -> None:
    assert cloud.call(FUNCTION, form())[0] == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"state": "terminated"}, 403),
        ({"subscription_end": date(2026, 11, 22)}, 403),
        ({"state": "suspended"}, 200),
        ({"subscription_end": date(2026, 11, 23)}, 200),
    ],
)
def test_who_may_still_order(cloud: Cloud, school: str, changes: dict[str, Any], status: int) -> None:
    cloud.replace_school(replace(SCHOOL, **changes))

    assert cloud.invoke(FUNCTION, form())["statusCode"] == status


def test_a_form_whose_pdf_could_not_be_kept_is_not_handed_out(cloud: Cloud, school: str) -> None:
    """Else it would come back as a form of nobody."""
    client("s3").delete_bucket(Bucket=cloud.reference("DocumentsBucket"))

    status, body = cloud.call(FUNCTION, form())

    assert (status, body["code"]) == (503, "unavailable")
    assert not any(sk == "FORM" for _, sk in keys(dynamodb_client(), ACCOUNTS))


def test_a_school_with_odd_names_gets_its_form(cloud: Cloud, school: str) -> None:
    odd = "Lycée « Œuvre » – d’Ÿvetot\u0000 ()<>%"
    cloud.replace_school(replace(SCHOOL, name=odd[:200], address=replace(SCHOOL.address, line2="(((")))

    assert cloud.invoke(FUNCTION, form())["statusCode"] == 200
