"""Pages of the local stack in a browser: the first page, people to act as, mails and phones; programs keep JSON."""

import asyncio
import base64
import json
import re
from collections.abc import Awaitable, Callable
from html import unescape
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from local.machine.settings import ROLES
from local.phone_network.network import PhoneNetwork
from local.phone_network.rules import RULES
from local.stack.gateway import Front
from local.stack.pages.layout import moment, prefers_html
from local.stack.pages.people import BEHAVIOURS
from local.stack.pages.personas import OTHER_SCHOOL, PERSONAS, SCHOOL
from local.stack.tokens import ClaimNames, TokenIssuer
from schoolsms.domain.schools.uai import normalise_uai

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CURL = "*/*"
PHONE = "+33612345650"
PDF = b"%PDF-1.7\xff\n"
ATTACK = "<script>alert(1)</script>"

Visit = Callable[..., tuple[int, str, bytes]]


async def the_console(request: web.Request) -> web.Response:
    return web.Response(text="<h1>Console</h1>", content_type="text/html")


def an_api() -> web.Application:
    """An API with a console at its `/`."""
    api = web.Application()
    api.router.add_get("/api/", the_console)
    return api


@pytest.fixture
def visit(tmp_path: Path) -> Visit:
    """Status, content type and body of a page; `method`, `data` as named."""

    def ask(path: str, accept: str = BROWSER, **details: Any) -> tuple[int, str, bytes]:
        async def converse() -> tuple[int, str, bytes]:
            network = PhoneNetwork(tmp_path, "http://127.0.0.1", lambda: "s", lambda: {})
            if path.startswith("local/phones") or path == "local/":
                network.offer("ovh", PHONE, f"Réunion à 18 h {ATTACK}", "ELUARD", "tag-1")
            issuer = TokenIssuer("http://127.0.0.1/local", "a", ClaimNames("school", "roles", "c"), tmp_path / "key")
            front = Front(issuer, tmp_path / "outbox", network, "commande-sms@skolengo.test", 2525)
            async with TestServer(an_api()) as upstream, TestServer(front.application()) as server:
                front.api_url = str(upstream.make_url("/api"))
                async with aiohttp.ClientSession(base_url=server.make_url("/")) as session:
                    return await answered(session, accept, details)

        async def answered(
            session: aiohttp.ClientSession, accept: str, details: dict[str, Any]
        ) -> tuple[int, str, bytes]:
            method = details.pop("method", "GET")
            headers = {"Accept": accept} if accept else {}
            question: Awaitable[aiohttp.ClientResponse] = session.request(method, path, headers=headers, **details)
            answer = await question
            return answer.status, answer.content_type, await answer.read()

        return asyncio.run(converse())

    return ask


@pytest.fixture
def mails(tmp_path: Path) -> None:
    """Two mails that the service sent, the second with an attachment."""
    (tmp_path / "outbox").mkdir()
    for number, subject in enumerate(("Bon de commande incomplet", "Crédit de SMS activé"), 1):
        attached = [{"FileName": "relevé.pdf", "ContentType": "application/pdf", "RawContent": encoded(PDF)}]
        simple = {
            "Subject": {"Data": subject},
            "Body": {"Text": {"Data": f"Bonjour {ATTACK}"}, "Html": {"Data": f"<p>Bonjour{ATTACK}</p>"}},
            "Attachments": attached if number == 2 else [],
        }
        request = {
            "FromEmailAddress": "Skolengo SMS <sms@skolengo.test>",
            "Destination": {"ToAddresses": ["marie@college.test"]},
            "Content": {"Simple": simple},
        }
        kept = {"sent_at": 1_795_376_845.5, "request": request}
        (tmp_path / "outbox" / f"{number}-x.json").write_text(json.dumps(kept))


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def read(answer: tuple[int, str, bytes]) -> str:
    """The text of a page that was answered well."""
    status, content_type, body = answer
    assert (status, content_type) == (200, "text/html")
    return body.decode()


def test_the_first_page_is_the_consoles(visit: Visit) -> None:
    assert read(visit("")) == "<h1>Console</h1>"


def test_the_local_pages_lead_to_the_console_and_to_the_description(visit: Visit) -> None:
    page = read(visit("local/"))
    assert '<html lang="fr">' in page
    assert '<a href="/">Console</a>' in page
    assert 'href="/v1/openapi.json"' in page


def test_a_person_finds_tokens_of_people_who_exist(visit: Visit) -> None:
    tokens = re.findall(r"<textarea[^>]*>([^<]+)</textarea>", read(visit("local/")))
    claims = [jwt.decode(unescape(token), options={"verify_signature": False}) for token in tokens]
    assert [(each.get("school"), each["roles"]) for each in claims] == [
        ("0750655E", ["sms_manager", "sms_sender"]),
        ("0750655E", ["sms_sender"]),
        (None, ["operator"]),
        ("0751202Z", ["sms_manager", "sms_sender"]),
    ]


def test_made_up_schools_and_roles_are_well_formed() -> None:
    assert all(normalise_uai(school.uai) == school.uai for school in (SCHOOL, OTHER_SCHOOL))
    assert {role for persona in PERSONAS for role in persona.roles} == set(ROLES.values())


def test_phones_are_listed_with_what_reached_them_and_how_numbers_behave(visit: Visit) -> None:
    page = read(visit("local/"))
    assert f'href="/local/phones/{PHONE}"' in page
    assert "Réunion à 18 h" in page
    assert {digits for digits, _ in BEHAVIOURS} == {*RULES, "autre"}


@pytest.mark.usefixtures("mails")
def test_the_outbox_is_a_page_in_a_browser_newest_first(visit: Visit) -> None:
    page = read(visit("local/outbox"))
    assert page.index("Crédit de SMS activé") < page.index("Bon de commande incomplet")
    assert 'href="/local/outbox/2"' in page
    assert "22/11/2026 à 20:47:25" in page


@pytest.mark.usefixtures("mails")
@pytest.mark.parametrize("accept", ["", CURL, "application/json", "application/json, text/html;q=0.5"])
def test_programs_get_the_outbox_as_json(visit: Visit, accept: str) -> None:
    status, content_type, body = visit("local/outbox", accept)
    assert (status, content_type) == (200, "application/json")
    assert [mail["subject"] for mail in json.loads(body)] == ["Bon de commande incomplet", "Crédit de SMS activé"]


@pytest.mark.usefixtures("mails")
def test_a_mail_is_shown_as_it_looks_and_nothing_in_it_runs(visit: Visit) -> None:
    page = read(visit("local/outbox/2"))
    assert '<iframe sandbox title="Message" srcdoc="&lt;p&gt;Bonjour' in page
    assert ATTACK not in page
    assert "relevé.pdf" in page
    status, content_type, body = visit("local/outbox/2/attachments/1")
    assert (status, content_type, body) == (200, "application/pdf", PDF)


@pytest.mark.usefixtures("mails")
@pytest.mark.parametrize("path", ["0", "3", "2/attachments/0", "2/attachments/2", "999999999"])
def test_a_mail_or_attachment_that_is_not_there_is_a_404(visit: Visit, path: str) -> None:
    assert visit(f"local/outbox/{path}")[0] == 404


def test_a_phone_shows_its_sms_as_text_and_as_json(visit: Visit) -> None:
    page = read(visit(f"local/phones/{PHONE}"))
    assert "Réunion à 18 h &lt;script&gt;" in page
    assert "STOP" in page
    status, _, body = visit(f"local/phones/{PHONE}", CURL)
    assert (status, json.loads(body)[0]["sender"]) == (200, "ELUARD")


@pytest.mark.parametrize("body", [{"data": {"text": "STOP"}}, {"data": '{"text": "STOP"}'}, {"json": {"text": "STOP"}}])
def test_a_phone_answers_from_its_page_and_by_json_whatever_its_content_type(
    visit: Visit, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []

    async def reply(_: PhoneNetwork, number: str, text: str) -> bool:
        said.append((number, text))
        return True

    monkeypatch.setattr(PhoneNetwork, "reply", reply)
    assert visit(f"local/phones/{PHONE}/reply", method="POST", **body)[0] == 200
    assert said == [(PHONE, "STOP")]


def test_a_reply_without_a_text_is_a_400(visit: Visit) -> None:
    assert visit(f"local/phones/{PHONE}/reply", method="POST", data={"words": "STOP"})[0] == 400


def test_a_phone_that_nothing_reached_says_so(visit: Visit) -> None:
    assert "Aucun SMS n’est arrivé" in read(visit("local/phones/+33600000000"))


def test_a_moment_reads_as_on_a_clock_in_paris() -> None:
    assert moment("2026-07-14T22:30:00Z") == "15/07/2026 à 00:30:00"
    assert moment("2026-11-29T20:05:09.123Z") == "29/11/2026 à 21:05:09"


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("text/*", True),
        (CURL, False),
        ("", False),
        ("application/json", False),
        ("text/html;q=0.5, application/json;q=0.4", True),
        ("text/html;q=0.5, application/json", False),
        ("text/html;q=0, */*", False),
        ("text/html;q=x", False),
    ],
)
def test_html_is_for_who_prefers_it_to_json(accept: str, html: bool) -> None:
    assert prefers_html(accept) is html
