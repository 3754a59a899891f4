"""The schemas of what is answered, as `schoolsms.views*` make it; the tests of the functions hold answers to them."""

from typing import get_args

from local.api_description.shapes import (
    COUNT,
    DAY,
    EUROS,
    INSTANT,
    TEXT,
    YES_OR_NO,
    Schema,
    listed,
    many,
    mapping,
    obj,
    one_of,
    or_null,
    ref,
)
from schoolsms.application.ports_exports import ExportState
from schoolsms.domain.invoices import Standing
from schoolsms.domain.ledger import Kind
from schoolsms.domain.orders import OrderState
from schoolsms.domain.school_acts import ActKind
from schoolsms.domain.school_years import Calendar
from schoolsms.domain.send_requests import RefusalCode
from schoolsms.domain.statuses import STATUSES
from schoolsms.http import TITLES

_ORDER: dict[str, Schema] = {
    "id": TEXT,
    "school": or_null(TEXT),
    "state": one_of(*get_args(OrderState)),
    "received_at": INSTANT,
    "deadline": {**INSTANT, "description": "UTC: the end of its 24 working hours"},
    "packs": mapping(COUNT, "how many of each pack, by its id"),
    "sms": COUNT,
    "total_ttc": EUROS,
    "credited_at": or_null(INSTANT),
    "decision": or_null(obj(decision=one_of("accept", "reject"), at=INSTANT, reason=or_null(TEXT))),
    "reasons": many(obj(code=TEXT, field=or_null(TEXT), detail=TEXT, remedy=TEXT)),
}
_REFUSAL: dict[str, Schema] = {
    "index": {**COUNT, "description": "of the recipient in the request, from 0"},
    "phone": {**or_null(TEXT), "description": "as it was written; null where none was, or once it is erased"},
    "code": one_of(*get_args(RefusalCode)),
    "detail": {**TEXT, "description": "left out above 10,000 refusals"},
    "row": {**COUNT, "description": "of the uploaded list, as the spreadsheet shows it"},
}
_SAVING = obj(remove_characters=COUNT, saved_sms=COUNT)
_RECIPIENT_ESTIMATE = obj(
    ("row", "refused"),
    index=COUNT,
    sms_count=COUNT,
    cost_sms=COUNT,
    characters=COUNT,
    row=COUNT,
    refused=one_of(*get_args(RefusalCode)),
)
_PROOF: dict[str, Schema] = {
    "wording": TEXT,
    "version": TEXT,
    "channel": TEXT,
    "collected_by": TEXT,
    "collected_at": INSTANT,
}
_COUNTS = obj(
    requests=COUNT,
    recipients_refused=COUNT,
    sms_debited=COUNT,
    messages=COUNT,
    messages_by_status=mapping(COUNT, "those there are"),
)
_SCHOOL: dict[str, Schema] = {
    "uai": TEXT,
    "name": TEXT,
    "siret": TEXT,
    "address": obj(line1=TEXT, line2=or_null(TEXT), postcode=TEXT, city=TEXT, country=TEXT),
    "managers": many(obj(name=TEXT, email=TEXT)),
    "subscription_end": {**DAY, "description": "its last day"},
    "calendar": one_of(*get_args(Calendar)),
    "low_balance_threshold": COUNT,
    "sender_name": or_null(TEXT),
    "daily_limit": or_null(COUNT),
    "vat_rate": {**TEXT, "description": "per cent"},
    "country": TEXT,
    "state": one_of("active", "suspended", "terminated"),
    "destinations": ref("Destinations"),
    "integrations": many(obj(client_id=TEXT, granted_at=INSTANT, granted_by=TEXT)),
}

SCHEMAS: dict[str, Schema] = {
    "Problem": obj(
        ("errors", "refused"),
        "RFC 9457. `code` is for programs, `title` and `detail` are French.",
        type=TEXT,
        title=TEXT,
        status=COUNT,
        detail=TEXT,
        code={**one_of(*sorted(TITLES)), "description": "more may come"},
        errors=many(obj(field=TEXT, code=TEXT, detail=TEXT)),
        refused=many(ref("Refusal")),
    ),
    "GatewayMessage": obj((), "What API Gateway itself answers: no problem of RFC 9457.", message=TEXT),
    "School": obj(**_SCHOOL),
    "SchoolWithActs": obj(**_SCHOOL, acts=many(ref("Act"))),
    "Act": obj(
        ("detail",),
        kind=one_of(*get_args(ActKind)),
        at=INSTANT,
        by=TEXT,
        by_email=or_null(TEXT),
        reason=or_null(TEXT),
        detail=mapping({}, "what was decided, as far as the kind does not say it"),
    ),
    "Destinations": obj(
        sending_country=or_null(TEXT),
        destinations=ref("Multipliers"),
        version=COUNT,
        accepted_version=or_null(COUNT),
        in_force=ref("Multipliers"),
    ),
    "Multipliers": mapping(obj(multiplier=COUNT), "by country (ISO 3166)"),
    "Balance": obj(
        school=TEXT,
        balance={**COUNT, "description": "SMS left"},
        low_balance_threshold=COUNT,
        subscription_end=DAY,
        state=one_of("active", "suspended", "terminated"),
    ),
    "Entry": obj(
        id=TEXT,
        at=INSTANT,
        kind=one_of(*get_args(Kind)),
        amount={**COUNT, "description": "signed SMS"},
        balance_after=COUNT,
        cause=TEXT,
    ),
    "Pack": obj(id=TEXT, sms=COUNT, price_ht=EUROS),
    "Order": obj(**_ORDER),
    "OrderInDetail": obj(
        ("read", "form", "mail", "alterations", "decisions", "advice"),
        "What was read, what differs and what can be decided only the operator is told.",
        **_ORDER,
        contract=or_null(
            obj(in_force_from=INSTANT, in_force_until=DAY, school_year=TEXT, conditions_version=TEXT),
        ),
        read=mapping(TEXT, "by field of the form"),
        form=or_null(TEXT),
        mail=TEXT,
        alterations=many(obj(detail=TEXT, page=or_null(COUNT), picture=or_null(TEXT))),
        decisions=many(one_of("accept", "reject")),
        advice=or_null(TEXT),
    ),
    "Invoice": obj(
        number=TEXT,
        order_id=TEXT,
        school=TEXT,
        issued_on=DAY,
        due_on=DAY,
        total_ht=EUROS,
        vat=EUROS,
        total_ttc=EUROS,
        state=one_of(*get_args(Standing)),
        paid_on=or_null(DAY),
        payment_reference=or_null(TEXT),
    ),
    "UnknownVariable": obj(code={"const": "unknown-variable"}, variable=TEXT, recipients=COUNT, detail=TEXT),
    "Estimate": obj(
        ("as_gsm", "cost_sms", "worst_case", "per_recipient"),
        "Everything counts units, of which an extension character takes two. The last three only with recipients.",
        encoding=one_of("gsm", "unicode"),
        characters=COUNT,
        sms_count=COUNT,
        remaining_in_sms=COUNT,
        unencodable=many(TEXT),
        text=TEXT,
        indicative=YES_OR_NO,
        too_long=YES_OR_NO,
        savings=many(_SAVING),
        advice=or_null(_SAVING),
        hint=or_null(TEXT),
        warnings=many(ref("UnknownVariable")),
        as_gsm=obj(text=TEXT, sms_count=COUNT, saved_sms=COUNT, reached=COUNT),
        cost_sms=COUNT,
        worst_case=or_null(ref("RecipientEstimate")),
        per_recipient=many(ref("RecipientEstimate")),
    ),
    "RecipientEstimate": _RECIPIENT_ESTIMATE,
    "Refusal": obj(("detail", "row"), **_REFUSAL),
    "Accepted": obj(
        id=TEXT,
        state=one_of("accepted", "scheduled", "cancelled"),
        accepted=COUNT,
        refused=many(ref("Refusal")),
        cost_sms=COUNT,
        send_at=or_null(INSTANT),
        expires_at=INSTANT,
        warnings=many(ref("UnknownVariable")),
    ),
    "SendRequest": obj(
        id=TEXT,
        state=one_of("accepted", "scheduled", "cancelled", "finished"),
        accepted=COUNT,
        cost_sms=COUNT,
        accepted_at=INSTANT,
        send_at=or_null(INSTANT),
        expires_at=INSTANT,
        totals=mapping(COUNT, "messages by status"),
    ),
    "Upload": obj(
        id=TEXT, url=TEXT, method={"const": "PUT"}, headers=mapping(TEXT, "to send along"), expires_at=INSTANT
    ),
    "Template": obj(name=TEXT, text=TEXT, variables=many(TEXT), updated_at=INSTANT),
    "Message": obj(
        message_id=TEXT,
        request_id=TEXT,
        text=or_null(TEXT),
        phone=or_null(TEXT),
        sms_count=COUNT,
        status=one_of(*STATUSES),
        author=TEXT,
        accepted_at=INSTANT,
        final_at=or_null(INSTANT),
    ),
    "Export": obj(id=TEXT, state=one_of(*get_args(ExportState)), rows=COUNT, url=or_null(TEXT)),
    "Consent": obj(
        tuple(_PROOF),
        phone=TEXT,
        state=one_of("granted", "withdrawn"),
        **_PROOF,
        withdrawn_at=or_null(INSTANT),
        events=many(ref("ConsentEvent")),
    ),
    "ConsentEvent": obj(
        tuple(_PROOF), kind=one_of("consent", "withdrawal", "rectification"), at=INSTANT, by=TEXT, **_PROOF
    ),
    "Held": obj(
        phone=TEXT,
        consent=or_null(ref("Consent")),
        erased_at=or_null(INSTANT),
        messages=many(ref("Message")),
        refusals=many(obj(("detail", "row"), request_id=TEXT, at=INSTANT, **_REFUSAL)),
        next_cursor=or_null(TEXT),
    ),
    "Erasure": obj(erased_at=INSTANT, messages=COUNT, complete=YES_OR_NO, next_cursor=or_null(TEXT)),
    "ImportedConsents": obj(
        recorded=COUNT, unchanged=COUNT, errors=many(obj(row=COUNT, phone=TEXT, code=TEXT, detail=TEXT))
    ),
    "SchoolYear": obj(school_year=TEXT, first_day=DAY, last_day=DAY, purge_on=DAY),
    "PurgeCertificate": obj(
        school=TEXT,
        school_year=TEXT,
        first_day=DAY,
        last_day=DAY,
        started_at=INSTANT,
        certified_at=INSTANT,
        before=_COUNTS,
        after=_COUNTS,
        digest={**TEXT, "description": "SHA-256 of all the rest as canonical JSON"},
    ),
    "Purges": listed(ref("PurgeCertificate"), running=or_null(ref("SchoolYear"))),
}
