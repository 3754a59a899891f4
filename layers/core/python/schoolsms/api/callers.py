"""The caller of a request, named by the claims that API Gateway verified and read without a guess (R2, R26, R28).

API Gateway hands a list on as the text `[a b]`, in which `["a b"]` looks the same as `["a", "b"]`. The token itself,
whose signature it has checked, tells the two apart. So a claim counts only as the token has it, and only if API Gateway
handed the same on: nothing counts that it did not verify.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from schoolsms.domain.schools.access import LONGEST_SUBJECT, Caller, Role, is_name
from schoolsms.domain.schools.uai import upper_case_uai
from schoolsms.settings import Claims, SettingsError

_apart = re.compile(r'[\[\]",\s]+')

Granted = Callable[[str, str], bool]
"""Whether a school (UAI) is acted for by a machine client of that id."""


def caller_of(event: Mapping[str, Any], granted: Granted) -> Caller:
    """The caller an HTTP event names; on a route without authorizer, nobody.

    Without a `sub` that can be remembered (R26) a caller has no role. `granted` is asked about machine clients alone.
    """
    authorizer = (event.get("requestContext") or {}).get("authorizer") or {}
    verified = (authorizer.get("jwt") or {}).get("claims") or {}
    token = _payload(event.get("headers") or {}) if verified else {}
    names = Claims()

    def text(name: str) -> str:
        written = token.get(name)
        return written if isinstance(written, str) and written == verified.get(name) else ""

    subject, email, school = text("sub"), text("email"), upper_case_uai(text(names.school_claim)) or ""
    client_id = _client(token.get(names.client_claim))
    if names.console_client_id and text(names.client_claim) == names.console_client_id:
        client_id = ""  # a person in the console: access tokens name the client that they were given to (RFC 9068)
    roles = _roles(token.get(names.roles_claim), verified.get(names.roles_claim), _by_name(names))
    if client_id and client_id not in names.operator_clients.split(","):
        roles -= {"operator"}
    if not is_name(subject):
        subject, roles = "", frozenset()
    return Caller(
        subject=subject,
        email=email if is_name(email) else "",
        school=school,
        roles=roles,
        client_id=client_id,
        granted=bool(client_id and school) and granted(school, client_id),
    )


def _payload(headers: Mapping[str, str]) -> Mapping[str, Any]:
    """The claims of the token, as its issuer wrote them; none if it cannot be read."""
    sent = next((value for name, value in headers.items() if name.lower() == "authorization"), "")
    token = sent.rpartition(" ")[2].split(".")
    try:
        read = json.loads(base64.urlsafe_b64decode(token[1] + "=" * (-len(token[1]) % 4))) if len(token) == 3 else {}
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _client(written: object) -> str:
    """The id of a machine client, "" for a person. A claim that is no text names a client that nobody grants."""
    if written is None or isinstance(written, str):
        return written or ""
    return repr(written)[:LONGEST_SUBJECT]


def _roles(written: object, verified: object, by_name: Mapping[str, Role]) -> frozenset[Role]:
    """Roles of which an item of the claim, or the claim as a whole if it is a text, is the name."""
    found = written if isinstance(written, list) else [written]
    items = [item for item in found if isinstance(item, str)]
    if len(items) < len(found) or _words(" ".join(items)) != _words(str(verified)):
        return frozenset()
    return frozenset(by_name[item] for item in items if item in by_name)


def _by_name(names: Claims) -> Mapping[str, Role]:
    """Return the role of each name. Raises SettingsError."""
    named: dict[str, Role] = {
        names.operator_role: "operator",
        names.manager_role: "sms_manager",
        names.sender_role: "sms_sender",
    }
    if len(named) < 3 or "" in named:
        raise SettingsError("OPERATOR_ROLE, MANAGER_ROLE, SENDER_ROLE")
    return named


def _words(text: str) -> list[str]:
    return _apart.sub(" ", text).split()
