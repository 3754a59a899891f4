"""Templates over HTTP: managers write them, senders read them, other schools never see them (R2, R19)."""

import pytest

from tests.support.builders import OTHER_UAI
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "school_api"
SENDER = {"roles": "[sms_sender]", "sub": "user-2", "email": "lea.petit@lycee.test"}
STRANGER = {"school": OTHER_UAI}
RETARD = {
    "name": "Retard",
    "text": "Bonjour ((Prénom)), votre enfant est en retard de ((durée)).",
    "variables": ["Prénom", "durée"],
    "characters": 61,
    "sms_count": 1,
    "indicative": True,
    "updated_at": "2026-11-23T09:00:00.000Z",
}


@pytest.fixture
def kept(cloud: Cloud, school: str) -> Cloud:
    """A school with one template."""
    assert cloud.call(FUNCTION, event(FUNCTION, "put_template")) == (201, RETARD)
    return cloud


def test_a_template_is_put_shown_listed_and_deleted(kept: Cloud) -> None:
    assert kept.call(FUNCTION, event(FUNCTION, "put_template")) == (200, RETARD)
    assert kept.call(FUNCTION, event(FUNCTION, "get_template")) == (200, RETARD)
    assert kept.call(FUNCTION, event(FUNCTION, "templates")) == (200, {"items": [RETARD], "next_cursor": None})

    answer = kept.invoke(FUNCTION, event(FUNCTION, "delete_template"))

    assert answer == {"statusCode": 204, "headers": {"cache-control": "no-store"}}
    for case in ("get_template", "delete_template"):
        assert kept.call(FUNCTION, event(FUNCTION, case))[0] == 404
    assert kept.call(FUNCTION, event(FUNCTION, "templates"))[1]["items"] == []


def test_a_name_is_found_whatever_its_accents_and_case(cloud: Cloud, school: str) -> None:
    put = http(FUNCTION, "put_template", path={"name": "Élève absent"})

    assert cloud.call(FUNCTION, put)[1]["name"] == "Élève absent"
    assert cloud.call(FUNCTION, http(FUNCTION, "get_template", path={"name": "eleve ABSENT"}))[0] == 200


def test_senders_read_and_do_not_write(kept: Cloud) -> None:
    for case, status in (("templates", 200), ("get_template", 200), ("put_template", 403), ("delete_template", 403)):
        assert kept.call(FUNCTION, http(FUNCTION, case, claims=SENDER))[0] == status


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "invalid-json"),
        ({}, 422, "invalid-request"),
        ({"text": ""}, 422, "invalid-request"),
        ({"text": "a" * 5_001}, 422, "invalid-request"),
        ({"text": "a", "media": "a.jpg"}, 422, "media-not-carried"),
        ({"text": "a", "Attachments": []}, 422, "media-not-carried"),
        ({"text": "a", "name": "b"}, 422, "invalid-request"),
        ({"text": "a\x00"}, 422, "forbidden-content"),
        ({"text": "\u0301"}, 422, "forbidden-content"),
        ({"text": "((a))" * 51}, 422, "too-many-variables"),
        ({"text": "Bonjour {{a}}"}, 422, "suspicious-placeholder"),
    ],
)
def test_what_is_no_template_is_a_problem(kept: Cloud, body: object, status: int, code: str) -> None:
    """R3 too: text only."""
    answer = kept.call(FUNCTION, http(FUNCTION, "put_template", body=body))

    assert (answer[0], answer[1]["code"]) == (status, code)
    assert kept.call(FUNCTION, event(FUNCTION, "get_template")) == (200, RETARD)


def test_a_half_written_variable_is_kept_as_it_is_once_confirmed(kept: Cloud) -> None:
    body = {"text": "Bonjour {{a}}", "confirm_placeholders": True}

    status, shown = kept.call(FUNCTION, http(FUNCTION, "put_template", body=body))

    assert (status, shown["text"], shown["variables"]) == (200, "Bonjour {{a}}", [])


def test_a_name_that_is_none_is_a_problem(kept: Cloud) -> None:
    status, body = kept.call(FUNCTION, http(FUNCTION, "put_template", path={"name": "a/b"}))

    assert (status, body["code"]) == (422, "invalid-template-name")
