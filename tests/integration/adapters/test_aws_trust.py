"""Clients of AWS prove servers by Amazon's roots, and by all others where those prove nothing."""

import re
from pathlib import Path
from typing import Any

import botocore.httpsession
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import SSLError

from schoolsms.adapters import aws_trust
from tests.support.servers.tls_server import serving_tls


@pytest.fixture(autouse=True)
def no_bundle_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def client(url: str) -> Any:
    session = botocore.session.Session()
    session.set_credentials("testing", "testing")
    made = session.create_client(
        "secretsmanager",
        region_name="eu-west-3",
        endpoint_url=url,
        verify=aws_trust.roots(),
        config=Config(retries={"mode": "standard", "total_max_attempts": 2}),
    )
    aws_trust.trust_others_if_needed(made)
    return made


def test_a_server_that_only_another_root_proves_is_asked_again_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_tls(tmp_path, b'{"SecretString":"s"}') as server:
        monkeypatch.setattr(botocore.httpsession, "where", lambda: str(server.authority))
        secrets = client(server.url)
        assert [secrets.get_secret_value(SecretId="s")["SecretString"] for _ in range(2)] == ["s", "s"]
        assert server.requests == 2


def test_a_server_that_no_root_proves_is_told_nothing(tmp_path: Path) -> None:
    with serving_tls(tmp_path) as server:
        with pytest.raises(SSLError):
            client(server.url).get_secret_value(SecretId="s")
        assert server.requests == 0


def test_a_server_that_amazons_roots_prove_needs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise AssertionError("the bundle of all roots was read")

    monkeypatch.setattr(botocore.httpsession, "where", none)
    with serving_tls(tmp_path) as server:
        monkeypatch.setattr(aws_trust, "AMAZON_ROOTS", str(server.authority))
        client(server.url).get_secret_value(SecretId="s")
        assert server.requests == 1


@pytest.mark.parametrize("name", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_a_bundle_that_the_environment_names_is_what_counts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert aws_trust.roots() == aws_trust.AMAZON_ROOTS
    monkeypatch.setenv(name, "/etc/own.pem")
    assert aws_trust.roots() is None


def test_amazons_roots_are_among_those_that_botocore_trusts() -> None:
    def certificates(file: Path) -> set[str]:
        return set(re.findall("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", file.read_text(), re.DOTALL))

    ours = certificates(Path(aws_trust.AMAZON_ROOTS))
    assert len(ours) == 5
    assert ours <= certificates(Path(botocore.httpsession.DEFAULT_CA_BUNDLE))
