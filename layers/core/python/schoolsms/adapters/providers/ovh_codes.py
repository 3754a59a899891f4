"""OVHcloud's codes as tables: what an HTTP status says of a handoff, what a receipt says of a message.

Two questions rule the first table. Could the provider have taken the message? Then it is `uncertain` (R34).
If not, would it ever take it? `refused` says no; `unavailable` says later, or elsewhere, and so does `sender`, which
says that the provider would take the message from another sender.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal

from schoolsms.domain.sending.delivering.failure_reasons import ReasonCode
from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.domain.sending.delivering.statuses import Final

Outcome = Literal["refused", "sender", "unavailable", "uncertain"]

HTTP_OUTCOMES: Mapping[int, Outcome] = {
    413: "refused",
    401: "unavailable",  # our credentials: checked before anything is done
    403: "unavailable",
    402: "unavailable",  # our account has no credit left
    404: "unavailable",  # our service name is wrong
    408: "unavailable",  # the server gave up waiting for the whole request
    429: "unavailable",
    460: "unavailable",  # OVHcloud's own: the service has expired
    500: "uncertain",  # the application failed half-way: before or after it queued the message?
    502: "uncertain",  # the gateway lost the application after it had passed the request on
    503: "unavailable",  # turned away at the door: overload or maintenance
    504: "uncertain",  # the gateway stopped waiting; the application may still work on it
}

EXPLAINED = frozenset((400, 422))
"""Statuses whose text says what is wrong. Nothing was taken; the message may be fine for the next provider."""

REFUSAL_FIELDS: Mapping[str, Outcome] = {
    "message": "refused",
    "receiver": "refused",
    "receivers": "refused",
    "sender": "sender",
    "senderforresponse": "sender",
}
"""By the field in brackets with which OVHcloud begins what it says of a parameter: `[receivers] …`."""

_INVALID = (
    r"(invalid|not valid|non valide|wrong|incorrect|malformed|unknown|inconnu|blacklist|black list|opted|unsubscribe"
    r"|not a mobile|landline|does not exist|n'existe pas)"
)
REFUSAL_WORDS: Sequence[tuple[re.Pattern[str], Outcome]] = [
    (
        re.compile(r"\bsenders?\b|senderforresponse|expediteur|short ?code|short number|numero court|virtual number"),
        "sender",
    ),
    (re.compile(r"contact information"), "sender"),
    (
        re.compile(r"\bcredits?\b|\bquota|\bbalance\b|suspend|\bexpire|\bdisabled\b|\bblocked\b|not allowed"),
        "unavailable",
    ),
    (
        re.compile(r"\baccount\b|\bcompte\b|\bservice|\bsms user\b|signature|credential|permission|\blimit"),
        "unavailable",
    ),
    (re.compile(rf"(receiver|recipient|destinataire|phone number|mobile number).*{_INVALID}"), "refused"),
    (re.compile(rf"{_INVALID}.*(receiver|recipient|destinataire|phone number|mobile number)"), "refused"),
    (re.compile(r"\b(message|text|content)\b.{0,20}(too long|too big|empty|missing|required)"), "refused"),
    (re.compile(r"(forbidden|prohibited|blacklisted) (word|content|url|link)"), "refused"),
]
"""The first that fits says what a text without such a field is about. A text that none fits is `unavailable`: it is
certain that the message was not taken, and not that it is to blame."""

LONGEST_TEXT = 300
"""Characters of a text that are looked at."""

_field = re.compile(r"\[(\w+)(?:\[\d*\])?\]").match

AUTHENTICATION_CODES = frozenset(("INVALID_SIGNATURE", "QUERY_TIME_OUT"))
"""Error codes that come with status 400 though it is the signature or the clock that is wrong."""

_HARMLESS_CODE = re.compile(r"(?!.*\d{6})[A-Za-z][A-Za-z0-9_:.-]{0,39}")

DLR_OUTCOMES: Mapping[int, Literal["waiting", "delivered", "failed"]] = {
    0: "waiting",  # being created, or pending
    1: "delivered",
    2: "failed",
    4: "waiting",
    8: "waiting",  # buffered
    16: "failed",  # in error, not billed
}
"""`description` of a receipt, `deliveryReceipt` of an SMS. Other values are not final."""

PTT_STATUSES: Mapping[int, Final | None] = {
    0: None,
    1: None,  # a fault of the phone, being retried
    2: None,  # a fault of the operator, being retried
    3: None,  # taken by the operator
    4: "delivered",
    5: "undeliverable",
    6: None,  # the operator does not know
    8: "expired",
    20: "undeliverable",
    21: "expired",  # no credit on a prepaid line until the message ran out
    23: "undeliverable",  # wrong or barred number
    24: "undeliverable",  # absent
    25: "undeliverable",  # fault in the operator's network
    26: "undeliverable",  # fault of the phone: full, busy
    27: "undeliverable",  # the handset cannot
    28: "undeliverable",  # taken for spam
    29: "undeliverable",  # content not permitted
    33: "undeliverable",  # parental lock
    39: "undeliverable",
    73: "undeliverable",  # ported number: unreachable, roaming, blocked
    74: "undeliverable",
    76: "undeliverable",
    202: "undeliverable",
}
"""`ptt`: the reason. It decides alone only when a receipt has no `description`."""

PTT_REASONS: Mapping[int, ReasonCode] = {
    5: "unreachable",
    8: "expired",
    20: "content",  # not deliverable in its current form
    21: "expired",
    23: "wrong-number",
    24: "phone-off",
    25: "network",
    26: "phone-fault",
    27: "phone-fault",
    28: "content",
    29: "content",
    33: "blocked",
    39: "blocked",
    73: "unreachable",
    74: "out-of-coverage",  # roaming
    76: "blocked",
    202: "blocked",
}
"""`ptt` of a message that did not arrive, as the class that is stored with it."""


def outcome_of(status: int, document: object) -> Outcome:
    """Translate a failed answer to the result of the handoff. An unknown 5xx may hide a taken message."""
    if is_about_credentials(status, document):
        return "unavailable"
    if status in EXPLAINED:
        return _explained(document.get("message") if isinstance(document, dict) else None)
    return HTTP_OUTCOMES.get(status) or ("unavailable" if 300 <= status < 500 else "uncertain")


def _explained(text: object) -> Outcome:
    """Return what the text of a refusal blames."""
    if not isinstance(text, str):
        return "unavailable"
    decomposed = unicodedata.normalize("NFKD", text[:LONGEST_TEXT])
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().strip()
    if (found := _field(plain)) and found[1] in REFUSAL_FIELDS:
        return REFUSAL_FIELDS[found[1]]
    return next((outcome for words, outcome in REFUSAL_WORDS if words.search(plain)), "unavailable")


def error_code_of(status: int, document: object) -> str:
    """The provider's own error code when it is harmless to log, else `http-<status>`. Never its message."""
    code = document.get("errorCode") if isinstance(document, dict) else None
    return code if isinstance(code, str) and _HARMLESS_CODE.fullmatch(code) else f"http-{status}"


def is_about_credentials(status: int, document: object) -> bool:
    """Whether our keys, signature or clock were refused: nothing was taken, renewing them may help."""
    return status in (401, 403) or (status == 400 and error_code_of(status, document) in AUTHENTICATION_CODES)


def status_of(description: int | None, ptt: int | None) -> Final | None:
    """The final status a receipt tells, None while nothing final or known is reported."""
    if description is None:
        return PTT_STATUSES.get(ptt) if ptt is not None else None
    outcome = DLR_OUTCOMES.get(description)
    if outcome == "delivered":
        return "delivered"
    if outcome == "failed":
        return "expired" if ptt is not None and PTT_STATUSES.get(ptt) == "expired" else "undeliverable"
    return None


def is_known(code: str) -> bool:
    """Whether the tables know a receipt's `code` (`<description>/<ptt>`); if not, it is worth a warning."""
    description, _, ptt = code.partition("/")
    return (not description or int(description) in DLR_OUTCOMES) and (not ptt or int(ptt) in PTT_STATUSES)


def parse_receipt(query: Mapping[str, str], provider: str = "ovh") -> Receipt | None:
    """The receipt in a callback's query (`id, ptt, date, description, descriptionDlr`), None if malformed."""
    identity = query.get("id", "")
    description, ptt = query.get("description") or "", query.get("ptt") or ""
    if not _is_number(identity, 20) or not (description or ptt):
        return None
    if not all(_is_number(code, 4) for code in (description, ptt) if code):
        return None
    return receipt_of(provider, identity, int(description) if description else None, int(ptt) if ptt else None, None)


def receipt_of(
    provider: str, identity: str, description: int | None, ptt: int | None, message_id: str | None
) -> Receipt:
    """A receipt from the two codes, which it keeps as `code`: `2/24`, `/4`, `1/`."""
    code = f"{'' if description is None else description}/{'' if ptt is None else ptt}"
    status = status_of(description, ptt)
    failed = status is not None and status != "delivered" and ptt is not None
    return Receipt(provider, identity, status, code, message_id, PTT_REASONS.get(ptt or 0) if failed else None)


def _is_number(text: str, most_digits: int) -> bool:
    return 0 < len(text) <= most_digits and text.isascii() and text.isdigit()
