"""The published conditions as headings and paragraphs (R4)."""

from importlib.resources import files

from schoolsms.domain.orders.forms.accepted_texts import CONDITIONS
from schoolsms.domain.orders.forms.conditions_layout import pieces

TEXT = (files("schoolsms.domain.orders.forms") / "conditions" / f"{CONDITIONS.version}.txt").read_text("utf-8")
FOUND = list(pieces(TEXT))


def test_every_clause_has_its_heading() -> None:
    assert [piece.text for piece in FOUND if piece.level] == [
        "CONDITIONS PARTICULIERES DE SERVICE D’ENVOI DE SMS KOSMOS",
        "1. Définitions",
        "2. Objet et durée",
        "3. Commande du service",
        "4. Renouvellement",
        "5. Conditions d’acheminement",
        "6. Droit et limites d’utilisation",
        "7. Conditions financières",
        "8. Protection des données",
    ]


def test_no_word_of_the_paragraphs_is_lost_or_added() -> None:
    headings = [line for line in TEXT.split("\n") if " .  " in line[:6]]
    words = " ".join(line for line in TEXT.split("\n") if line not in headings)
    said = " ".join(piece.text for piece in FOUND if piece.level != 2)
    assert said.replace(" ", "") == "".join(words.split())


def test_each_definition_is_a_paragraph_of_its_own() -> None:
    starts = [piece.text.split(" désigne")[0] for piece in FOUND if " désigne" in piece.text[:40]]
    assert starts == [
        *("Bon de Commande :", "Contrat :", "Destinataire :", "Données :", "Message :", "Prestataire", "Service"),
        *("SMS :", "Utilisateurs"),
    ]
