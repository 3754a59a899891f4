"""Each reason why an order stops says what is wrong and what to do next (R51)."""

import pytest

from schoolsms.domain.orders.review.order_reasons import (
    CODES,
    Reason,
    doubts,
    from_dicts,
    missing_kinds,
    place_on_form,
    to_dicts,
)

MISSING = {
    "attachment-not-read",
    "no-form-attached",
    "field-missing",
    "uai-invalid",
    "siret-invalid",
    "quantity-missing",
    "quantity-invalid",
    "terms-not-accepted",
    "signature-missing",
    "form-encrypted",
    "form-unreadable",
    "attachment-too-large",
}
DOUBTS = {
    "form-scanned",
    "form-printed",
    "form-altered",
    "form-unknown",
    "form-of-another-school",
    "several-forms",
    "several-orders-in-document",
    "handwritten",
    "documents-unread",
    "other-documents",
    "signer-untrusted",
    "sender-unknown",
    "sender-unreadable",
    "automatic-mail",
    "automatic-answer",
    "amount-unusual",
    "mail-verdict-failed",
    "signature-broken",
    "totals-differ",
    "form-expired",
    "school-closed",
    "mail-unreadable",
    "media-attached",
}


def test_every_code_leads_to_an_incomplete_order_or_to_a_review() -> None:
    assert {code for code in CODES if Reason(code).kind == "missing"} == MISSING
    assert {code for code in CODES if Reason(code).kind == "doubt"} == DOUBTS


@pytest.mark.parametrize(
    ("reason", "label"),
    [
        (Reason("signature-missing"), "signature absente"),
        (Reason("no-form-attached"), "aucun bon de commande joint"),
        (Reason("field-missing", "siret"), "champ «\u00a0SIRET\u00a0» non renseigné"),
        (Reason("field-missing", "school_name"), "champ «\u00a0nom de l’établissement\u00a0» non renseigné"),
        (Reason("field-missing"), "champ obligatoire non renseigné"),
        (
            Reason("quantity-invalid", "qty_P1000"),
            "valeur incorrecte dans le champ «\u00a0quantité de packs P1000\u00a0»",
        ),
        (Reason("form-altered", "page ajoutée"), "bon de commande modifié\u00a0: page ajoutée"),
        (Reason("form-altered"), "bon de commande modifié"),
        (
            Reason("signer-untrusted", "Zoé Lefèvre"),
            "signature électronique d’un signataire inconnu\u00a0: Zoé Lefèvre",
        ),
        (Reason("signer-untrusted"), "signature électronique d’un signataire inconnu"),
    ],
)
def test_a_reason_says_in_french_what_is_wrong(reason: Reason, label: str) -> None:
    assert reason.label == label


def test_a_missing_signature_is_mended_by_signing_in_the_frame() -> None:
    assert Reason("signature-missing").remedy == "signez dans le cadre prévu, puis renvoyez le bon de commande"


@pytest.mark.parametrize("code", sorted(CODES))
@pytest.mark.parametrize("field", [None, "siret"])
def test_no_sentence_shows_a_placeholder_or_ends_in_a_full_stop(code: str, field: str | None) -> None:
    reason = Reason(code, field)
    for sentence in (reason.label, reason.remedy):
        assert "{" not in sentence
        assert sentence
        assert not sentence.endswith(".")
        assert not any(f" {sign}" in sentence for sign in ":;!?»")


def test_what_a_form_says_is_never_read_as_a_placeholder() -> None:
    assert Reason("form-altered", "{code} {field}").label.endswith("{code} {field}")


def test_a_code_of_another_version_is_a_doubt_and_shows_itself() -> None:
    reason = Reason("written-by-hand")
    assert reason.kind == "doubt"
    assert "written-by-hand" in reason.label


def test_reasons_are_split_into_missing_and_doubted_in_their_order() -> None:
    reasons = [Reason("totals-differ"), Reason("signature-missing"), Reason("form-scanned")]
    assert missing_kinds(reasons) == (Reason("signature-missing"),)
    assert doubts(reasons) == (Reason("totals-differ"), Reason("form-scanned"))


def test_reasons_survive_being_stored() -> None:
    reasons = (Reason("field-missing", "siret"), Reason("signature-missing"))
    stored = to_dicts(reasons)
    assert stored == [
        {"code": "field-missing", "field": "siret"},
        {"code": "signature-missing", "field": None},
    ]
    assert from_dicts(stored) == reasons
    assert from_dicts([{"code": "signature-missing"}]) == (Reason("signature-missing"),)


def test_fields_are_sorted_as_the_form_has_them() -> None:
    written = ["signature", "total_ttc", "qty_P1000", "uai", "qty_P500", "other", "total_ht", "contact_name", "siret"]
    assert sorted(written, key=place_on_form) == [
        *("uai", "siret", "contact_name", "qty_P500", "qty_P1000", "total_ht", "total_ttc", "signature", "other"),
    ]
