"""Whether a filled form is complete and unaltered: what is missing, and what makes a person look (R5, R7, R8)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from schoolsms.domain.orders.forms.order_forms import BILLING_REFERENCES, QUANTITY_PREFIX, FormReading, IssuedForm, Way
from schoolsms.domain.orders.forms.stipulations import stipulations
from schoolsms.domain.orders.forms.struck_out import is_filled_in, is_zero
from schoolsms.domain.orders.packs import MAX_QUANTITY, Totals, euros_fr, totals
from schoolsms.domain.orders.review.order_reasons import Reason, doubts, field_name
from schoolsms.domain.schools.uai import normalise_uai


@dataclass(frozen=True)
class Judged:
    """The judgement of a form: what it orders, why it is not simply an order, what was read of each field."""

    quantities: Mapping[str, int]
    reasons: tuple[Reason, ...]
    read: Mapping[str, str]


def judge(form: IssuedForm, reading: FormReading, way: Way) -> Judged:
    """Judge a form: a filled one by its own fields, a printed or scanned one by those it was issued with."""
    return _judge_fields(form, reading) if way == "filled" else _judge_page(form, reading)


def together(copies: Sequence[Judged]) -> Judged:
    """Several copies of one form: every doubt counts, and missing is what each of them lacks.

    Quantities and what was read are the first one's.
    """
    reasons = dict.fromkeys(
        reason
        for copy in copies
        for reason in copy.reasons
        if reason.kind == "doubt" or all(reason in other.reasons for other in copies)
    )
    return replace(copies[0], reasons=tuple(reasons))


def _judge_fields(form: IssuedForm, reading: FormReading) -> Judged:
    if not reading.fields:
        # Our reader failed, so a person looks. An unread field is not missing.
        return Judged({}, _alterations(reading), {})
    quantities, wrong = read_quantities(form, reading.fields)
    due = totals(form.packs, quantities, form.vat_rate)
    reasons = (*shortcomings(form, reading), *wrong, *check_totals(form, reading.fields, due))
    if reading.alterations or reading.signature == "broken":
        # A change may hide what seems missing, as on a scanned page, so a person looks, and the school does not read
        # that it forgot something.
        reasons = doubts(reasons)
    return Judged(quantities, reasons, reading.fields)


def _judge_page(form: IssuedForm, reading: FormReading) -> Judged:
    """Judge the page. Marks of a pen where nothing belongs may change the order, or hide an answer: a person looks."""
    read = {
        **{QUANTITY_PREFIX + pack_id: str(number) for pack_id, number in form.quantities.items()},
        "uai": form.uai,
        "siret": form.siret,
        "school_name": form.school_name,
        "contact_name": form.contact_name,
        "contact_email": form.contact_email,
    }
    # No machine reads handwriting well enough for an invoice that Chorus Pro takes (R41).
    by_hand = [Reason("handwritten", name) for name in BILLING_REFERENCES if name in reading.written]
    if reading.alterations:
        return Judged(form.quantities, (*_alterations(reading), *by_hand), read)
    reasons = by_hand
    if not form.quantities:
        reasons.append(Reason("quantity-missing"))
    if not reading.ticked:
        reasons.append(Reason("terms-not-accepted"))
    prefilled = {name: getattr(form, name, "") for name in REQUIRED_FIELDS}
    blank = (name for name, value in prefilled.items() if not is_filled_in(value) and name not in reading.written)
    reasons += (Reason("field-missing", name) for name in blank if name != "place_and_date")
    if not reading.dated:
        reasons.append(Reason("field-missing", "place_and_date"))
    reasons += _signature(reading)
    return Judged(form.quantities, tuple(reasons), read)


def _alterations(reading: FormReading) -> tuple[Reason, ...]:
    return tuple(Reason("form-altered", alteration) for alteration in reading.alterations)


def _signature(reading: FormReading) -> Iterator[Reason]:
    codes = {"absent": "signature-missing", "broken": "signature-broken", "untrusted": "signer-untrusted"}
    if reading.signature in codes:
        yield Reason(codes[reading.signature], reading.signer or None)


REQUIRED_FIELDS = ("school_name", "address", "contact_name", "contact_email", "place_and_date")

_QUANTITY = re.compile(r"[0-9]{1,4}")
"""ASCII digits only: `²`, `-1`, `1e3` and `1.0` are no quantities."""


def read_quantities(form: IssuedForm, fields: Mapping[str, str]) -> tuple[dict[str, int], list[Reason]]:
    """The packs ordered, by id, and a reason for each quantity that is none. Blank or struck out means zero."""
    quantities: dict[str, int] = {}
    reasons: list[Reason] = []
    for pack in form.packs:
        name = QUANTITY_PREFIX + pack.id
        written = re.sub(r"\s", "", fields.get(name, ""))
        if is_zero(fields.get(name, "")):
            continue
        if not _QUANTITY.fullmatch(written) or int(written) > MAX_QUANTITY:
            reasons.append(Reason("quantity-invalid", name))
        elif int(written):
            quantities[pack.id] = int(written)
    if not quantities and not reasons:
        reasons.append(Reason("quantity-missing"))
    return quantities, reasons


def shortcomings(form: IssuedForm, reading: FormReading) -> Iterator[Reason]:
    """Each reason why `reading` of `form` is not simply an order, quantities apart."""
    fields = reading.fields
    for name in REQUIRED_FIELDS:
        if not is_filled_in(fields.get(name, "")):
            yield Reason("field-missing", name)
    yield from _wrong_school(form, fields)
    if not fields.get("accept_terms"):
        yield Reason("terms-not-accepted")
    yield from _signature(reading)
    yield from _alterations(reading)
    prefilled = {name: getattr(form, name) for name in ("school_name", "address", "contact_name", "contact_email")}
    for name in stipulations(fields, prefilled):
        yield Reason("form-altered", f"clause possible dans le champ « {field_name(name)} »")


def check_totals(form: IssuedForm, fields: Mapping[str, str], due: Totals) -> Iterator[Reason]:
    """A total that somebody typed must be right; blank ones and those the form was issued with may be stale."""
    issued = totals(form.packs, form.quantities, form.vat_rate)
    for name, cents, issued_cents in (
        ("total_ht", due.ht_cents, issued.ht_cents),
        ("vat", due.vat_cents, issued.vat_cents),
        ("total_ttc", due.ttc_cents, issued.ttc_cents),
    ):
        written = fields.get(name, "")
        if written and _cents(written) not in (cents, issued_cents) and written != euros_fr(issued_cents):
            yield Reason("totals-differ", name)


def _wrong_school(form: IssuedForm, fields: Mapping[str, str]) -> Iterator[Reason]:
    uai, siret = fields.get("uai", ""), re.sub(r"\s", "", fields.get("siret", ""))
    if not uai:
        yield Reason("field-missing", "uai")
    elif normalise_uai(uai) is None:
        yield Reason("uai-invalid")
    elif normalise_uai(uai) != form.uai:
        yield Reason("form-of-another-school")
    if not siret:
        yield Reason("field-missing", "siret")
    elif siret != form.siret:
        yield Reason("siret-invalid")


def _cents(written: str) -> int | None:
    """`"1 234,56 €"` → 123456; None when it is no amount."""
    plain = re.sub(r"[\s€]", "", written).replace(",", ".")
    if not re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", plain):
        return None
    try:
        return int(Decimal(plain) * 100)
    except InvalidOperation:  # pragma: no cover - the pattern above admits decimals only
        return None
