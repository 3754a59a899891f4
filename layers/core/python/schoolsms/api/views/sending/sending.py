"""Views of what is sent: requests, the recipients that were refused, lists of recipients, templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolsms.api.support import shown
from schoolsms.api.views.values import local_time, utc
from schoolsms.domain.sending.send_requests import totals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Annotated, Literal, NotRequired, TypedDict

    from schoolsms.api.views.values import Instant, LocalTime
    from schoolsms.application.history.list_send_requests import ListedRequest
    from schoolsms.application.ports.recipient_lists import Upload
    from schoolsms.domain.sending.delivering.statuses import Status
    from schoolsms.domain.sending.recipients import Warned
    from schoolsms.domain.sending.send_requests import ListedState, Refusal, RefusalCode, SendRequest
    from schoolsms.domain.sending.templates import StoredTemplate
    from schoolsms.domain.sending.unusual_hours import MayNotSend, UnusualHour
    from schoolsms.domain.texts.half_written import SuspiciousPlaceholder

    Started = Literal["accepted", "scheduled", "cancelled"]
    AuthorId = Annotated[str, "for managers: the `sub`, by which `PUT /v1/blocked-senders/{sub}` stops them"]

    class RefusalView(TypedDict):
        index: Annotated[int, "of the recipient in the request, from 0"]
        phone: Annotated[str | None, "as it was written; null where none was, or once it is erased"]
        code: RefusalCode
        detail: NotRequired[Annotated[str, "left out above 10,000 refusals"]]
        row: NotRequired[Annotated[int, "of the uploaded list, as the spreadsheet shows it"]]

    class WarningView(TypedDict):
        """`unused-numbers`: a column of numbers beside the one that is sent to; `variable` is its heading.

        `suspicious-placeholder`: a half-written variable in a text without recipients; with them it refuses each one.
        `unusual-hour`: at night, on a Sunday or a public holiday of the school's place; `variable` is null.
        The others: the school may not send now, which an estimate says and a request is refused for.
        """

        code: Annotated[str, "`unknown-variable`, `unused-numbers`, `unusual-hour`, … or why the school may not send"]
        variable: str | None
        recipients: int
        detail: str

    class AcceptedView(TypedDict):
        id: str
        state: Started
        accepted: int
        refused: list[RefusalView]
        cost_sms: int
        send_at: Instant | None
        due_at_local: LocalTime
        expires_at: Instant
        warnings: list[WarningView]

    class SendRequestView(TypedDict):
        id: str
        state: Annotated[Started | Literal["finished"], "`finished` once none of its messages can change"]
        text_start: Annotated[str, "the first 80 characters of the text, variables not yet in place"]
        text: Annotated[str, "all of it, variables not yet in place"]
        sender: Annotated[str | None, "the name that phones show; null for the provider's own number"]
        accepted: int
        refused: Annotated[int, "recipients"]
        cost_sms: Annotated[int, "debited when it was accepted; SMS of `failed` and `cancelled` messages went back"]
        author: NotRequired[Annotated[str, "for managers"]]
        author_id: NotRequired[AuthorId]
        client_id: Annotated[str | None, "the machine client that asked for the author"]
        accepted_at: Instant
        send_at: Instant | None
        due_at_local: LocalTime
        expires_at: Instant
        cancelled_at: Instant | None
        totals: Annotated[Mapping[Status, int], "messages by status"]

    class ListedRequestView(TypedDict):
        id: str
        state: Annotated[ListedState, "`finished` once none of its messages can change"]
        text_start: Annotated[str, "the first 80 characters of the text, variables not yet in place"]
        accepted: int
        refused: Annotated[int, "recipients"]
        cost_sms: int
        author: NotRequired[Annotated[str, "for managers"]]
        author_id: NotRequired[AuthorId]
        client_id: Annotated[str | None, "the machine client that asked for the author"]
        accepted_at: Instant
        send_at: Instant | None
        due_at_local: LocalTime
        expires_at: Instant
        totals: Annotated[Mapping[Status, int] | None, "messages by status; null until the request itself was read"]

    class UploadView(TypedDict):
        id: str
        url: str
        method: Literal["POST"]
        fields: Annotated[dict[str, str], "of the form, before the field `file`"]
        expires_at: Instant

    class TemplateView(TypedDict):
        name: str
        text: str
        variables: list[str]
        characters: Annotated[int, "units, each variable taken to be ten characters"]
        sms_count: int
        indicative: Literal[True]
        updated_at: Instant


MOST_SENTENCES = 10_000
"""Refusals that are listed with their sentences; their codes say the same."""

TEXT_START = 80
"""Characters of a text by which a request is recognised in a list."""


def accepted_view(request: SendRequest, refusals: Sequence[Refusal], warned: Sequence[Warned] = ()) -> AcceptedView:
    return {
        "id": request.id,
        "state": _started(request),
        "accepted": request.accepted,
        "refused": refusals_view(refusals),
        "cost_sms": request.cost_sms,
        "send_at": utc(request.due_at) if request.scheduled else None,
        "due_at_local": local_time(request.due_at_local),
        "expires_at": utc(request.expires_at),
        "warnings": [warning_view(each) for each in warned],
    }


def refusals_view(refusals: Sequence[Refusal]) -> list[RefusalView]:
    """Above `MOST_SENTENCES` without their sentences: Lambda answers with 6 MB at most."""
    views = [refusal_view(refusal) for refusal in refusals]
    if len(views) > MOST_SENTENCES:
        for view in views:
            del view["detail"]
    return views


def refusal_view(refusal: Refusal) -> RefusalView:
    view: RefusalView = {
        "index": refusal.index,
        "phone": refusal.phone or None,
        "code": refusal.code,
        "detail": shown(refusal.detail),
    }
    return view if refusal.row is None else {**view, "row": refusal.row}


def upload_view(upload: Upload) -> UploadView:
    return {
        "id": upload.list_id,
        "url": upload.url,
        "method": "POST",
        "fields": dict(upload.fields),
        "expires_at": utc(upload.expires_at),
    }


def cancelled_view(request: SendRequest, *, manages: bool = False) -> SendRequestView:
    """None of its messages had started."""
    return send_request_view(request, totals(request.accepted, [], cancelled=True), manages=manages)


def warning_view(warned: Warned | MayNotSend | UnusualHour | SuspiciousPlaceholder) -> WarningView:
    return {
        "code": warned.code,
        "variable": warned.name or None,
        "recipients": warned.recipients,
        "detail": shown(warned.detail),
    }


def template_view(template: StoredTemplate) -> TemplateView:
    """Its counts are indicative, because they change with the values of its variables (§7)."""
    from schoolsms.domain.sending.estimates import indicative_count  # templates alone are counted here

    counted = indicative_count(template.text)
    return {
        "name": template.name,
        "text": template.text,
        "variables": list(template.variables),
        "characters": counted.characters,
        "sms_count": counted.sms_count,
        "indicative": True,
        "updated_at": utc(template.updated_at),
    }


def send_request_view(request: SendRequest, counts: Mapping[Status, int], *, manages: bool = False) -> SendRequestView:
    """`manages`: whether a manager reads it, who sees its author (R36)."""
    view: SendRequestView = {
        "id": request.id,
        "state": _state(request, counts),
        "text_start": request.text[:TEXT_START],
        "text": request.text,
        "sender": request.sender,
        "accepted": request.accepted,
        "refused": request.refused,
        "cost_sms": request.cost_sms,
        "client_id": request.client_id or None,
        "accepted_at": utc(request.accepted_at),
        "send_at": utc(request.due_at) if request.scheduled else None,
        "due_at_local": local_time(request.due_at_local),
        "expires_at": utc(request.expires_at),
        "cancelled_at": utc(request.cancelled_at) if request.cancelled_at else None,
        "totals": dict(counts),
    }
    if not manages:
        return view
    return {**view, "author": request.shown_author, "author_id": request.author}


def listed_request_view(listed: ListedRequest) -> ListedRequestView:
    request = listed.request
    view: ListedRequestView = {
        "id": request.id,
        "state": listed.state,
        "text_start": request.text[:TEXT_START],
        "accepted": request.accepted,
        "refused": request.refused,
        "cost_sms": request.cost_sms,
        "client_id": request.client_id or None,
        "accepted_at": utc(request.accepted_at),
        "send_at": utc(request.due_at) if request.scheduled else None,
        "due_at_local": local_time(request.due_at_local),
        "expires_at": utc(request.expires_at),
        "totals": None if listed.counts is None else dict(listed.counts),
    }
    return view if listed.author is None else {**view, "author": listed.author, "author_id": request.author}


def _state(request: SendRequest, counts: Mapping[Status, int]) -> Started | Literal["finished"]:
    """As it started; then `accepted` while some message may still change, `finished` when none can."""
    if request.cancelled or request.waits:
        return _started(request)
    waiting = counts.get("queued", 0) + counts.get("sent", 0) + counts.get("uncertain", 0)
    return "accepted" if waiting else "finished"


def _started(request: SendRequest) -> Started:
    """`scheduled` until it starts, unless it is `cancelled` before."""
    return "cancelled" if request.cancelled else "scheduled" if request.waits else "accepted"
