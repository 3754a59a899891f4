"""R51: a question to the order inbox is told from an order whose form was forgotten."""

import time

import pytest

from schoolsms.domain.orders.review.questions import is_question


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour,\n\nComment faire pour obtenir un bon de commande ?\n\nCordialement,\nMarie Durand",
        "Bonjour, nous n'avons pas reçu la facture de notre commande. Pouvez-vous nous l'envoyer ?",
        "Bonjour, combien coûtent 5 000 SMS",
        "Où faut-il signer ? Dois-je mettre le bon en pièce jointe ?",
        "Bonjour, je n'arrive pas à me connecter depuis ce matin.",
        "Notre proviseure a changé : merci de mettre son adresse à la place de l'ancienne.",
        "Bonjour\nPourriez-vous m'appeler au sujet de la commande\n> Vous trouverez ci-joint le bon",
        "Et la suite ?",
    ],
)
def test_a_question_is_one(text: str) -> None:
    assert is_question("SMS", text)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Commande", ""),
        ("Commande de SMS", "Bonjour"),
        ("Bon de commande", "Bonjour, vous trouverez ci-joint le bon de commande signé. Cordialement"),
        ("SMS", "Veuillez trouver le bon de commande. Pouvez-vous confirmer sa réception ?"),
        ("SMS", "Je vous envoie notre commande. Bien reçu ?"),
        ("SMS", "Bonjour, nous commandons deux packs de 1 000 SMS pour le collège."),
        ("Commande", "Le bon est signé par le chef d'établissement, merci d'avance pour le crédit."),
        (
            "SMS",
            "Bonjour, voici notre bon de commande\n\nLe lun. 23 nov. 2026 à 10:12, Kosmos a écrit :\n> Une question ?",
        ),
    ],
)
def test_a_forgotten_form_is_no_question(subject: str, text: str) -> None:
    assert not is_question(subject, text)


@pytest.mark.parametrize("line", ["\n", "\u2003\n", "-- \n"], ids=["blank", "wide spaces", "signatures"])
def test_a_text_of_blank_lines_is_judged_at_once(line: str) -> None:
    started = time.process_time()
    assert is_question("SMS", f"Bonjour\nComment faire pour commander ?\n{line * 50_000}fin")
    assert time.process_time() - started < 2
