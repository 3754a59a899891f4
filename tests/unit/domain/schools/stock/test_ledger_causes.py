from datetime import UTC, date, datetime

import pytest

from schoolsms.domain.schools.stock.ledger import (
    Balance,
    Posting,
    credit,
    debit,
    forfeit,
    post,
    release,
    release_page,
    release_request,
)
from schoolsms.domain.schools.stock.ledger_causes import Cause, cause_of_text, explained

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FORFEITURE = forfeit(Balance("0750655E", 30, 4), date(2027, 8, 31), NOW)
assert FORFEITURE


@pytest.mark.parametrize(
    ("posting", "sentence"),
    [
        (credit("BC26-A", 500, NOW), "Crédit des SMS de la commande BC26-A."),
        (debit("R1", 3, NOW), "Décompte de l'envoi R1."),
        (release("R1-7", 2, NOW), "SMS rendus : aucun prestataire n'a pris le message R1-7."),
        (
            release_page("R1", 0, 99, 100, NOW),
            "SMS rendus : plusieurs messages de l'envoi R1 n'ont été pris par aucun prestataire.",
        ),
        (release_request("R1", 3, NOW), "SMS rendus : l'envoi R1 a été annulé avant son début."),
        (FORFEITURE, "SMS restants perdus : l'abonnement a pris fin le mardi 31 août 2027."),
        (
            Posting("correction:K1", "correction", -5, Cause("correction", "K1"), NOW),
            "Correction d'une erreur par Kosmos (K1).",
        ),
    ],
)
def test_each_entry_explains_itself_in_french(posting: Posting, sentence: str) -> None:
    """R18."""
    assert explained(post(Balance("0750655E", 30, 4), posting)) == sentence


@pytest.mark.parametrize(
    ("written", "cause"),
    [
        ("order BC26-A", Cause("order", "BC26-A")),
        ("send request R1", Cause("send_request", "R1")),
        ("message R1-7", Cause("message", "R1-7")),
        ("messages R1-0..99", Cause("send_request", "R1")),
        ("subscription ended on 2027-08-31", Cause("subscription_end", "2027-08-31")),
    ],
)
def test_the_phrases_of_old_entries_are_still_understood(written: str, cause: Cause) -> None:
    assert cause_of_text(written) == cause


def test_a_phrase_that_no_entry_had_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="unknown"):
        cause_of_text("a gift")
