from pathlib import Path

import pytest

from local.machine.settings import UnusableSetting, read_settings, template_default
from tests.support.template import template


def test_settings_have_the_defaults_of_the_contract() -> None:
    settings = read_settings({})
    assert (settings.port, settings.smtp_port, settings.aws_port) == (3000, 2525, 4566)
    assert settings.state_dir.parts[-2:] == (".local", "state")
    assert settings.order_inbox == "commande-sms@skolengo.test"


def test_the_window_of_delivery_is_the_template_s_unless_it_is_set() -> None:
    default = template()["Parameters"]["DeliveryWindowSeconds"]["Default"]
    assert read_settings({}).delivery_window_seconds == default


def test_a_shorter_default_in_the_template_is_the_local_default(tmp_path: Path) -> None:
    changed = tmp_path / "template.yaml"
    changed.write_text(
        "Parameters:\n  Mode:\n    Type: String\n  DeliveryWindowSeconds:\n    Type: Number\n    Default: 172800\n"
        "    MaxValue: 259200\n  Limit:\n    Default: 1\n"
    )
    assert template_default("DeliveryWindowSeconds", changed) == "172800"
    assert template_default("Limit", changed) == "1"
    with pytest.raises(LookupError, match="Mode"):
        template_default("Mode", changed)


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    environ = {"PORT": "3001", "SMTP_PORT": "2526", "AWS_PORT": "4567", "STATE_DIR": str(tmp_path)}
    settings = read_settings(environ | {"DELIVERY_WINDOW_SECONDS": "20"})
    assert settings.url == "http://127.0.0.1:3001"
    assert settings.aws_endpoint == "http://127.0.0.1:4567"
    assert settings.state_dir == tmp_path
    assert settings.parameters()["DeliveryWindowSeconds"] == "20"


def test_the_api_trusts_the_local_issuer_and_calls_the_local_network() -> None:
    parameters = read_settings({"PORT": "3001"}).parameters()
    assert parameters["JwtIssuer"] == "http://127.0.0.1:3001/local"
    assert parameters["OvhEndpoint"] == "http://127.0.0.1:3001/local/network/ovh/1.0"
    assert parameters["SimulatedNetworkUrl"] == "http://127.0.0.1:3001/local/network/ovh/1.0"
    assert parameters["Embedded"] == "true"


def test_functions_may_be_led_by_another_way_to_the_cloud_and_the_network() -> None:
    """Tests put a proxy there that makes calls go wrong."""
    settings = read_settings({"FUNCTIONS_VIA": "http://127.0.0.1:9"})
    assert settings.parameters()["OvhEndpoint"] == "http://127.0.0.1:9/local/network/ovh/1.0"
    assert settings.parameters()["JwtIssuer"] == "http://127.0.0.1:3000/local"


@pytest.mark.parametrize(
    "environ",
    [{"PORT": "abc"}, {"PORT": "0"}, {"PORT": "-1"}, {"PORT": "65536"}, {"PORT": "²"}, {"PORT": "2525"}],
)
def test_a_setting_that_cannot_work_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(UnusableSetting, match="PORT"):
        read_settings(environ)
