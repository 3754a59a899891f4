"""Missing fields of a form, and reasons for review (R5, R7). Values as people write them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from schoolsms.domain.orders.forms.order_forms import FormReading
from schoolsms.domain.orders.packs import totals
from schoolsms.domain.orders.review.order_completeness import (
    REQUIRED_FIELDS,
    check_totals,
    judge,
    read_quantities,
    shortcomings,
)
from schoolsms.domain.orders.review.order_reasons import Reason
from tests.support.builders import FIELDS, FORM, reading

# ------------------------------------------------------------------ quantities


@pytest.mark.parametrize(
    ("written", "read"),
    [("2", 2), (" 2 ", 2), ("002", 2), ("999", 999), ("9 9", 99), ("1\u00a00", 10), ("0001", 1), ("1\u202f00", 100)],
)
def test_a_quantity_is_read_as_a_person_means_it(written: str, read: int) -> None:
    assert read_quantities(FORM, {"qty_P1000": written}) == ({"P1000": read}, [])


@pytest.mark.parametrize(
    "written",
    [
        "-1",
        "1e3",
        "²",
        "1.0",
        "1,0",
        "٣",
        "1 000",
        "1000",
        "+2",
        "deux",
        "2 packs",
        "0x2",
        "½",
        "１",
        "1_0",
        "00001",
        "-0",
    ],
)
def test_a_quantity_that_is_none_is_named(written: str) -> None:
    """R7: 999 packs of a kind at most."""
    quantities, reasons = read_quantities(FORM, {"qty_P1000": written, "qty_P500": "3"})
    assert quantities == {"P500": 3}
    assert reasons == [Reason("quantity-invalid", "qty_P1000")]


@pytest.mark.parametrize("written", ["", " ", "\u00a0", "0", "000"])
def test_blank_and_zero_are_no_packs(written: str) -> None:
    assert read_quantities(FORM, {"qty_P1000": written, "qty_P500": "3"}) == ({"P500": 3}, [])
    assert read_quantities(FORM, {"qty_P1000": written}) == ({}, [Reason("quantity-missing")])


@pytest.mark.parametrize(
    "written",
    ["-", "—", "–", "--", "- - -", "/", "//", "\\", "_____", ".", "...", "…", "-/-", "Ø", "néant", "NEANT", "Néant.",
     "aucun", "zéro", "0,00", "0.0", "00000", "n/a", "sans objet"],
)  # fmt: skip
def test_a_row_struck_out_orders_nothing(written: str) -> None:
    """A school strikes out the rows that it does not use, so that nobody writes in them after it signed."""
    assert read_quantities(FORM, {"qty_P1000": written, "qty_P500": "3"}) == ({"P500": 3}, [])
    assert read_quantities(FORM, {"qty_P1000": written}) == ({}, [Reason("quantity-missing")])


@pytest.mark.parametrize(
    "written", ["x", "X", "xx", "✓", "✗", "oui", "O", "-2", "2-", "0-", "1/2", "néant 2", "*", "?"]
)
def test_a_row_ticked_or_read_two_ways_is_asked_again(written: str) -> None:
    """A tick or a cross may mean one pack as well as none."""
    assert read_quantities(FORM, {"qty_P1000": written, "qty_P500": "3"})[1] == [
        Reason("quantity-invalid", "qty_P1000")
    ]


def test_packs_that_are_not_on_the_form_do_not_count() -> None:
    assert read_quantities(FORM, {"qty_P9": "5", "P1000": "5"}) == ({}, [Reason("quantity-missing")])


# ------------------------------------------------------------------ the rest of the form


def named(**changes: Any) -> list[tuple[str, str | None]]:
    signature, alterations = changes.pop("signature", "ink"), changes.pop("alterations", ())
    return [(reason.code, reason.field) for reason in shortcomings(FORM, reading(signature, alterations, **changes))]


def test_a_complete_signed_form_lacks_nothing() -> None:
    assert named() == []
    assert named(signature="digital") == []


@pytest.mark.parametrize("field", ["school_name", "address", "contact_name", "contact_email", "place_and_date"])
def test_each_required_field_is_named_when_it_is_blank(field: str) -> None:
    """R7."""
    assert named(**{field: ""}) == [("field-missing", field)]


@pytest.mark.parametrize("field", REQUIRED_FIELDS)
@pytest.mark.parametrize(
    "written", [".", "x", "X", "-", "—", "...", "xxx", "XXX", "/", "_____", "0", "?", "néant", "N/A", "\u200b"]
)
def test_a_sign_in_place_of_a_value_is_none(field: str, written: str) -> None:
    """R7: it is there only because a viewer asked for something."""
    assert named(**{field: written}) == [("field-missing", field)]


@pytest.mark.parametrize(
    ("field", "written"),
    [("place_and_date", "Y, le 3/9/26"), ("place_and_date", "3/9/2026"), ("place_and_date", "Eu, 03.09.26"),
     ("contact_name", "Li"), ("contact_name", "Ó Sé"), ("contact_name", "Ng"), ("contact_name", "Mme Néant-Rien"),
     ("contact_name", "Λύ"), ("school_name", "École n° 2"), ("address", "1 rue Ø, 80460 Ault")],
)  # fmt: skip
def test_a_short_value_is_one(field: str, written: str) -> None:
    assert named(**{field: written}) == []


@pytest.mark.parametrize("field", ["contact_role", "contact_phone", "service_code", "engagement_number"])
def test_what_is_optional_may_be_blank(field: str) -> None:
    assert named(**{field: ""}) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"uai": "0750655F"}, "uai-invalid"),  # check letter: 750655 mod 23 = 4, E
        ({"uai": "750655E"}, "uai-invalid"),
        ({"uai": "0750654D"}, "form-of-another-school"),
        ({"siret": "12345678901234"}, "siret-invalid"),
        ({"accept_terms": ""}, "terms-not-accepted"),
        ({"signature": "absent"}, "signature-missing"),
        ({"signature": "broken"}, "signature-broken"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], code: str) -> None:
    assert named(**changes) == [(code, None)]


@pytest.mark.parametrize("changes", [{"uai": " 0750655e "}, {"siret": "732 829 320 00074"}])
def test_codes_are_read_however_they_are_spaced(changes: dict[str, str]) -> None:
    assert named(**changes) == []


def test_each_alteration_is_named() -> None:
    """R5."""
    assert named(alterations=("page ajoutée", "texte ajouté")) == [
        ("form-altered", "page ajoutée"),
        ("form-altered", "texte ajouté"),
    ]


@pytest.mark.parametrize(
    ("field", "written", "label"),
    [
        ("contact_role", "Proviseure, payable à 90 jours", "fonction du contact"),
        ("address", "1 rue des Écoles\nSous réserve du vote du CA", "adresse de l’établissement"),
        ("place_and_date", "Paris, sous réserve d’annulation", "lieu et date"),
        ("place_and_date", "Paris, le 3 mai, et vous nous en donnez un de plus si tout va bien", "lieu et date"),
        ("contact_phone", "remise de 10 %", "téléphone du contact"),
        ("service_code", "CCAG-FCS", "code service"),
        ("contact_email", "chef@lycee.test ou rien du tout", "adresse électronique du contact"),
        ("school_name", "Lycée Paul Valéry, à condition d’un essai", "nom de l’établissement"),
        ("contact_role", "Proviseure, ss réserve accord CA", "fonction du contact"),
        ("contact_role", "Proviseure, s/réserves", "fonction du contact"),
        ("contact_role", "Proviseure, sous rés. budget", "fonction du contact"),
        ("contact_role", "À valider par le CA", "fonction du contact"),
        ("contact_role", "Bon pour 1 pack seulement", "fonction du contact"),
        ("place_and_date", "Paris, le 3, valable si CA d’accord", "lieu et date"),
        ("place_and_date", "Paris, le 3 mai, sans TVA", "lieu et date"),
        ("place_and_date", "Paris, le 3 mai, prix 2025", "lieu et date"),
        ("place_and_date", "Paris, le 3 mai, pour 50 €", "lieu et date"),
    ],
)
def test_a_clause_typed_where_particulars_belong_goes_to_a_person(field: str, written: str, label: str) -> None:
    """R5: terms that the school adds never pass unseen, wherever it writes them."""
    assert named(**{field: written}) == [("form-altered", f"clause possible dans le champ « {label} »")]


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("address", "12 bis, rue de la Réserve\nBP 4021\n97480 SAINT-JOSEPH CEDEX"),
        ("address", "4 chemin de la Remise, Bâtiment B, 2e étage\n75005 Paris"),
        ("school_name", "Lycée général et technologique Notre-Dame du Bon Secours – Sainte-Marie"),
        ("contact_role", "Adjointe gestionnaire, responsable facturation et paiement"),
        ("contact_role", "Principal adjoint"),
        ("contact_role", "Secrétaire, service des tarifs, s/c de la proviseure"),
        ("school_name", "Lycée du Prix Nobel, Saint-Resse-sous-Réquista"),
        ("contact_email", "chef@lycee.test ; gestion@lycee.test"),
        ("contact_phone", "01 40 51 12 34 / 06 39 98 00 12"),
        ("contact_phone", "+33 (0)1 40 51 12 34 poste 212"),
        ("service_code", "SERVICE GENERAL 01"),
        ("engagement_number", "EJ 2026-000123"),
        ("place_and_date", "Fait à La Roche-sur-Yon, le lundi 23 novembre 2026 à 14 h 30"),
    ],
)
def test_particulars_are_no_clause(field: str, written: str) -> None:
    assert named(**{field: written}) == []


def test_what_the_form_was_issued_with_is_no_clause() -> None:
    form = replace(FORM, school_name="Lycée du Sauf-Conduit, sauf Mardi")
    assert list(shortcomings(form, reading(school_name=form.school_name))) == []


def test_a_form_without_any_field_lacks_them_all() -> None:
    empty = replace(reading("absent"), fields={})
    codes = [reason.code for reason in shortcomings(FORM, empty)]
    assert codes.count("field-missing") == len(REQUIRED_FIELDS) + 2
    assert codes[-2:] == ["terms-not-accepted", "signature-missing"]


def judged(**changes: Any) -> list[str]:
    signature, alterations = changes.pop("signature", "ink"), changes.pop("alterations", ())
    return [reason.code for reason in judge(FORM, reading(signature, alterations, **changes), "filled").reasons]


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": "absent"},
        {"accept_terms": ""},
        {"place_and_date": ""},
        {"qty_P1000": ""},
        {"qty_P1000": "deux"},
        {"uai": ""},
    ],
)
def test_a_field_missing_on_an_altered_form_is_for_a_person_to_judge(changes: dict[str, str]) -> None:
    """R5, R7: an alteration may hide the field, so the school is not asked to complete it."""
    assert [code for code in judged(**changes) if code != "totals-differ"] != []
    assert set(judged(alterations=("page ajoutée",), **changes)) - {"totals-differ"} == {"form-altered"}


def test_what_is_missing_beside_a_signature_that_a_change_broke_is_for_a_person_to_judge() -> None:
    assert judged(signature="broken", place_and_date="") == ["signature-broken"]
    assert judged(signature="untrusted", place_and_date="") == ["field-missing", "signer-untrusted"]


def test_the_other_doubts_of_an_altered_form_are_named_too() -> None:
    assert judged(alterations=("page ajoutée",), uai="0750654D", total_ttc="1") == [
        "form-of-another-school",
        "form-altered",
        "totals-differ",
    ]


# ------------------------------------------------------------------ totals

TWO = totals(FORM.packs, {"P1000": 2}, Decimal("20"))
FIVE = totals(FORM.packs, {"P1000": 5}, Decimal("20"))


def differing(due: Any = TWO, **fields: str) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.field) for reason in check_totals(FORM, {**FIELDS, **fields}, due)]


@pytest.mark.parametrize("written", ["", "204", "204,00", "204.00", "204,0", "204,00 €", "204,00\u00a0€", " 204 € "])
def test_a_right_total_is_right_however_it_is_written(written: str) -> None:
    assert differing(total_ttc=written) == []


@pytest.mark.parametrize(
    "written", ["1,00 €", "204,01", "-204", "204,000", "deux cents", "2 04,00 $", "٢٠٤", "204,,00"]
)
def test_a_wrong_total_goes_to_a_person(written: str) -> None:
    """R5: a price written in is a term of purchase added."""
    assert differing(total_ttc=written) == [("totals-differ", "total_ttc")]


def test_thousands_may_be_grouped() -> None:
    many = totals(FORM.packs, {"P10000": 2}, Decimal("20"))
    assert differing(many, total_ht="1 400,00 €", vat="280", total_ttc="1\u202f680,00") == []


def test_the_totals_a_form_was_issued_with_may_be_stale() -> None:
    """Not every viewer recomputes them when the quantities change."""
    assert differing(FIVE, total_ht="170,00\u00a0€", vat="34,00\u00a0€", total_ttc="204,00\u00a0€") == []
    assert differing(FIVE, total_ht="425,00", vat="85,00", total_ttc="510,00") == []


def test_each_total_is_checked() -> None:
    assert differing(total_ht="1", vat="1", total_ttc="1") == [
        ("totals-differ", "total_ht"),
        ("totals-differ", "vat"),
        ("totals-differ", "total_ttc"),
    ]


def test_a_page_lacks_what_was_left_blank_and_nobody_wrote() -> None:
    form = replace(FORM, contact_name="")
    page = FormReading({}, "ink", ticked=True, dated=True)
    assert judge(form, page, "scanned").reasons == (Reason("field-missing", "contact_name"),)
    assert judge(form, replace(page, written=("contact_name",)), "scanned").reasons == ()
