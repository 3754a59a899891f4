"""Files that the deployed stack serves beside the API, as a browser asks for them (R50)."""

import re

import pytest

from local.players.client import Answer, Client

SECTIONS = (
    *("ecrire", "envois", "stock", "commander", "historique", "destinataires", "modeles", "reglages"),
    *("operateur", "aide"),
)


def html(answer: Answer) -> str:
    assert answer.headers["content-type"].startswith("text/html"), answer.body[:200]
    return answer.body.decode()


@pytest.mark.parametrize(
    "address", ["/", *(f"/{each}" for each in SECTIONS), "/operateur/commandes/BC26-1", "/envois/a/b"]
)
def test_each_address_can_be_opened_and_reloaded(client: Client, address: str) -> None:
    answer = client.call("GET", address)
    assert answer.status == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert 'type="module"' in html(answer)


@pytest.mark.parametrize(
    ("address", "status"),
    [("/v1/rien", 404), ("/v1/balance", 401), ("/healthz", 200), ("/v1/openapi.json", 200), ("/rien", 404)],
)
def test_the_api_answers_on_its_own_addresses_as_before(client: Client, address: str, status: int) -> None:
    answer = client.call("GET", address)
    assert answer.status == status
    assert answer.headers["content-type"].startswith("application/json")


def test_the_page_needs_one_file_which_is_kept_for_good_and_comes_compressed(client: Client) -> None:
    """Each request beside another would start one more function of a cold stack."""
    files = re.findall(r'(?:src|href)="(/[^"]+)"', html(client.call("GET", "/")))
    assert [file.rpartition("/")[0] for file in files] == ["/assets"]
    answer = client.call("GET", files[0], headers={"accept-encoding": "br"})
    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "br"


def test_a_file_of_an_older_console_is_not_there_and_not_remembered(client: Client) -> None:
    answer = client.call("GET", "/assets/console-00000000.js")
    assert (answer.status, answer.headers["cache-control"]) == (404, "no-store")


def test_a_page_that_did_not_change_is_not_sent_again(client: Client) -> None:
    tag = client.call("GET", "/stock").headers["etag"]
    answer = client.call("GET", "/envois", headers={"if-none-match": tag})
    assert (answer.status, answer.body) == (304, b"")
