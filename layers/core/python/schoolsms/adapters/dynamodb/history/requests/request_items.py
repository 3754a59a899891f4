"""A send request as an item of the history table."""

from schoolsms.adapters.dynamodb.client.codec import Item, epoch, instant, iso, optional_instant
from schoolsms.domain.schools.school_years import calendar_of
from schoolsms.domain.sending.send_requests import SendRequest


def request_key(request_id: str) -> Item:
    """Return the primary key of a request."""
    return {"pk": f"REQUEST#{request_id}", "sk": "REQUEST"}


def request_item(request: SendRequest) -> Item:
    """Return a request as an item."""
    return {
        **request_key(request.id),
        "school_year": f"{request.school}#{request.school_year}",
        "accepted_key": request.order_key,
        "purge_at": epoch(request.purge_at),
        "purge_on": iso(request.purge_at),
        "author": request.author,
        "author_name": request.author_name,
        "client_id": request.client_id,
        "calendar": request.calendar,
        "text": request.text,
        "accepted": request.accepted,
        "refused": request.refused,
        "cost_sms": request.cost_sms,
        "sender": request.sender,
        "accepted_at": iso(request.accepted_at),
        "due_at": iso(request.due_at),
        "expires_at": iso(request.expires_at),
        "body_digest": request.body_digest,
        "attempt": request.attempt,
        "cancelled": request.cancelled,
        "started": request.started,
    }


def request_of(item: Item) -> SendRequest:
    """Read what `request_item` made."""
    school, _, school_year = item["school_year"].partition("#")
    return SendRequest(
        id=item["pk"].removeprefix("REQUEST#"),
        school=school,
        school_year=school_year,
        purge_at=instant(item["purge_on"]),
        author=item["author"],
        author_name=item["author_name"],
        text=item["text"],
        accepted=item["accepted"],
        refused=item["refused"],
        cost_sms=item["cost_sms"],
        sender=item["sender"],
        accepted_at=instant(item["accepted_at"]),
        due_at=instant(item["due_at"]),
        expires_at=instant(item["expires_at"]),
        body_digest=item["body_digest"],
        attempt=item["attempt"],
        cancelled=item["cancelled"],
        started=item.get("started", False),
        cancelled_at=optional_instant(item.get("cancelled_at")),
        cancelled_by=item.get("cancelled_by", ""),
        client_id=item.get("client_id", ""),
        calendar=item.get("calendar") or calendar_of(school),
    )
