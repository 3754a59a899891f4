"""R3: what carries media is refused by a code of its own, « texte seul »."""

import json
from typing import Any

import pytest

from schoolsms.api.bodies.sending import SendRequestBody
from schoolsms.api.http import Request, Response, json_response, serve
from schoolsms.api.routes import ANYBODY, Route


def handler(request: Request, body: SendRequestBody) -> Response:
    return json_response(200, {})


ROUTES = (Route("POST", "/v1/send-requests", ANYBODY, handler, "", {}, body=SendRequestBody),)
BODY = {"text": "Bonjour", "recipients": [{"phone": "0612345678"}]}


def answered(body: Any) -> dict[str, Any]:
    answer = serve({"routeKey": "POST /v1/send-requests", "body": json.dumps(body)}, ROUTES)
    return {"status": answer["statusCode"], **json.loads(answer["body"])}


@pytest.mark.parametrize("name", ["media", "attachments", "images", "Audio", "video", "file"])
def test_a_request_with_media_is_refused_as_text_only(name: str) -> None:
    problem = answered({**BODY, name: ["a.jpg"]})
    assert (problem["status"], problem["code"], problem["title"]) == (422, "media-not-carried", "Texte seul")
    assert problem["detail"].startswith("Texte seul")
    assert [each["field"] for each in problem["errors"]] == [name]


def test_media_of_a_recipient_are_refused_too() -> None:
    problem = answered({**BODY, "recipients": [{"phone": "0612345678", "image": "a.jpg"}]})
    assert problem["code"] == "media-not-carried"


def test_another_field_that_nobody_knows_is_an_invalid_request() -> None:
    assert answered({**BODY, "colour": "red"})["code"] == "invalid-request"


def test_a_variable_may_be_called_image() -> None:
    body = {"text": "((image))", "recipients": [{"phone": "0612345678", "variables": {"image": "chat"}}]}
    assert answered(body)["status"] == 200
