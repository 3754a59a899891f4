"""The pages of a request's lines and of its refusals as items of the history table; see `send_requests.py`."""

import json
from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import Any

from schoolsms.adapters.dynamodb.client.codec import Item, epoch
from schoolsms.domain.sending.send_requests import Line, Refusal, SendRequest, paged

REFUSALS_A_PAGE = 200


def page_key(request: SendRequest, page: int) -> Item:
    """Return the primary key of a page of lines."""
    return _key(request, "PAGE", page)


def refusal_keys(request: SendRequest) -> tuple[str, str]:
    """Return the sort keys between which the refusals of a request are kept."""
    return _range("REFUSED", request.attempt)


def attempt_keys(attempt: str) -> Sequence[tuple[str, str]]:
    """Return the sort keys between which all pages of an attempt are kept, and nothing of another attempt."""
    return [_range(kind, attempt) for kind in ("PAGE", "REFUSED")]


def page_items(request: SendRequest, lines: Sequence[Line], refusals: Sequence[Refusal]) -> list[Item]:
    """Return all pages of a request as items."""
    purge_at = epoch(request.purge_at)
    pages: list[Item] = [
        {**page_key(request, number), "purge_at": purge_at, "lines": lines_dumped(request, page)}
        for number, page in enumerate(paged(lines))
    ]
    for start in range(0, len(refusals), REFUSALS_A_PAGE):
        some = refusals[start : start + REFUSALS_A_PAGE]
        pages.append(
            {
                **_key(request, "REFUSED", start // REFUSALS_A_PAGE),
                "purge_at": purge_at,
                "refusals": _dump([(each.index, each.phone, each.code, each.detail, each.row) for each in some]),
            }
        )
    return pages


def lines_dumped(request: SendRequest, lines: Sequence[Line]) -> str:
    """Return a page's lines as JSON. A text that all messages share is kept once, by the request.

    Written row by row, because only the text has signs to escape, and most rows end alike.
    """
    rows = []
    ends: dict[tuple[str, int, int, bool], str] = {}
    for index, phone, text, coding, sms_count, cost_sms, is_test in lines:
        counted = coding, sms_count, cost_sms, is_test
        if counted not in ends:
            ends[counted] = f'"{coding}",{sms_count},{cost_sms},{int(is_test)}]'
        written = "null" if text == request.text else encode_basestring(text)
        rows.append(f'[{index},"{phone}",{written},{ends[counted]}')
    return f"[{','.join(rows)}]"


def lines_in(request: SendRequest, item: Item) -> Sequence[Line]:
    """Return the lines of a page."""
    return [
        Line(index, phone, request.text if text is None else text, coding, sms_count, cost, bool(is_test))
        for index, phone, text, coding, sms_count, cost, is_test in json.loads(item["lines"])
    ]


def refusals_in(item: Item) -> Sequence[Refusal]:
    """Return the refusals of a page."""
    return [Refusal(*fields) for fields in json.loads(item["refusals"])]


def _dump(rows: list[tuple[Any, ...]]) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), check_circular=False)


def _key(request: SendRequest, kind: str, number: int) -> Item:
    return {"pk": f"REQUEST#{request.id}", "sk": f"{kind}#{request.attempt}#{number:04d}"}


def _range(kind: str, attempt: str) -> tuple[str, str]:
    return f"{kind}#{attempt}#", f"{kind}#{attempt}#~"
