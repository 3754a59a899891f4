"""The console's page and files over HTTP (R50)."""

import base64
import gzip
import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from schoolsms.api.console import Console, content_security_policy

PAGE = '<!doctype html><body data-settings="{settings}">'


@pytest.fixture
def console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "console-ABCD1234.js.gz").write_bytes(gzip.compress(b"let a"))
    (tmp_path / "console-ABCD1234.js.br").write_bytes(b"as brotli writes it")
    (tmp_path / "licences.txt").write_text("MIT")
    monkeypatch.setenv("JWT_ISSUER", "https://sso.test/realm")
    monkeypatch.setenv("CONSOLE_CLIENT_ID", 'a "client"')
    monkeypatch.setenv("CONSOLE_SCOPES", "openid")
    monkeypatch.setenv("CONSOLE_FRAME_ANCESTORS", "https://ent.test")
    monkeypatch.setenv("LARGE_REQUEST", "250")
    monkeypatch.setenv("SCHOOL_CLAIM", "ent_uai")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    return Console(tmp_path)


def page(console: Console, **headers: str) -> dict[str, Any]:
    return console.answer({"routeKey": "GET /stock", "headers": headers})


def file(console: Console, name: str, accepted: str = "") -> dict[str, Any]:
    headers = {"Accept-Encoding": accepted}
    return console.answer({"routeKey": "GET /assets/{file}", "headers": headers, "pathParameters": {"file": name}})


def test_the_page_has_its_settings_and_no_script_of_its_own(console: Console) -> None:
    answer = page(console)
    settings = unescape(answer["body"].partition('data-settings="')[2].partition('">')[0])
    assert json.loads(settings)["issuer"] == "https://sso.test/realm"
    assert json.loads(settings)["client_id"] == 'a "client"'
    assert json.loads(settings)["large_request"] == 250
    assert json.loads(settings)["claims"] == {
        **{"school": "ent_uai", "roles": "roles", "operator": "operator"},
        **{"sms_manager": "sms_manager", "sms_sender": "sms_sender"},
    }
    assert answer["headers"]["cache-control"] == "no-cache"
    assert answer["headers"]["referrer-policy"] == "no-referrer"
    assert answer["headers"]["x-content-type-options"] == "nosniff"
    assert answer["headers"]["strict-transport-security"].startswith("max-age=")


def test_a_page_that_the_browser_has_is_not_sent_again(console: Console) -> None:
    tag = page(console)["headers"]["etag"]
    again = page(console, **{"If-None-Match": f"W/{tag}"})
    assert (again["statusCode"], "body" in again) == (304, False)


def test_only_its_own_files_and_the_issuer_are_allowed(console: Console) -> None:
    policy = page(console)["headers"]["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "connect-src 'self' https://sso.test;" in policy
    assert policy.endswith("frame-ancestors 'self' https://ent.test")
    assert "unsafe" not in policy
    assert content_security_policy("https://sso.test", "").endswith("frame-ancestors 'self'")


def test_large_files_come_from_the_buckets_and_nothing_else_of_s3(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    monkeypatch.setenv("FILE_BUCKETS", "sms-documents-1,sms-lists-1")
    assert (
        "connect-src 'self' https://sso.test https://sms-documents-1.s3.amazonaws.com "
        "https://sms-documents-1.s3.eu-west-3.amazonaws.com https://sms-lists-1.s3.amazonaws.com "
        "https://sms-lists-1.s3.eu-west-3.amazonaws.com;"
    ) in page(console)["headers"]["content-security-policy"]


def test_on_the_embedded_cloud_the_buckets_are_at_its_own_address(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FILE_BUCKETS", "sms-documents-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    policy = page(console)["headers"]["content-security-policy"]
    assert "connect-src 'self' https://sso.test http://127.0.0.1:4566;" in policy


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("gzip, deflate, br", "br", b"as brotli writes it"),
        ("gzip;q=1.0, br;q=0", "gzip", None),
        ("", None, b"let a"),
    ],
)
def test_a_file_comes_as_the_browser_takes_it(
    console: Console, accepted: str, encoding: str | None, body: bytes | None
) -> None:
    answer = file(console, "console-ABCD1234.js", accepted)
    assert answer["headers"].get("content-encoding") == encoding
    content = base64.b64decode(answer["body"])
    assert content == body if body is not None else gzip.decompress(content) == b"let a"
    assert answer["headers"]["cache-control"].endswith("immutable")
    assert answer["headers"]["content-type"] == "text/javascript; charset=utf-8"
    assert answer["headers"]["vary"] == "accept-encoding"


def test_licences_have_no_hash_in_their_name_and_are_asked_for_each_time(console: Console) -> None:
    assert file(console, "licences.txt")["headers"]["cache-control"] == "no-cache"


OTHERS = ("console-00000000.js", "..", "../app.py", "index.html", "a/b.js", ".js", "lato.woff2", f"{'x' * 900}.js")


@pytest.mark.parametrize("name", OTHERS)
def test_nothing_else_is_served(console: Console, name: str) -> None:
    answer = file(console, name, "br")
    assert (answer["statusCode"], answer["headers"]["cache-control"]) == (404, "no-store")
