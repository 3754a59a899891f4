"""Problems explain in French what would be right, and never repeat the value sent (R46)."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from schoolsms.api.bodies.consents import ConsentBody
from schoolsms.api.bodies.operator import SchoolBody
from schoolsms.api.bodies.sending import SendRequestBody
from schoolsms.api.problems import problems_of
from tests.unit.api.bodies.test_bodies import SCHOOL

ONE = [{"phone": "0612345678"}]


def wrong(model: type[BaseModel], body: Any) -> list[dict[str, str]]:
    with pytest.raises(ValidationError) as refused:
        model.model_validate_json(json.dumps(body))
    return problems_of(refused.value)


def test_problems_never_repeat_what_was_sent() -> None:
    body = {"text": 1, "recipients": [{"phone": "0612345678", "variables": {"nom": 42}}], "encoding": "SECRET"}
    said = json.dumps(wrong(SendRequestBody, body), ensure_ascii=False)
    assert "0612345678" not in said
    assert "SECRET" not in said


def test_problems_are_in_french() -> None:
    found = {
        problem["field"]: problem["detail"]
        for problem in wrong(
            SchoolBody,
            {**SCHOOL, "siret": "1", "subscription_end": "demain", "calendar": "corse", "low_balance_threshold": -1}
            | {"managers": [], "name": "", "country": "x", "vat_rate": "1.234", "sender_name": "é", "oups": 1},
        )
    }
    assert found == {
        "name": "Ce champ ne peut pas être vide.",
        "siret": "Ce SIRET est incorrect\u00a0: 14 chiffres, dont une clé.",
        "managers": "Il en faut au moins 1.",
        "subscription_end": "Une date de la forme AAAA-MM-JJ est attendue.",
        "calendar": found["calendar"],
        "low_balance_threshold": "La valeur minimale est 0.",
        "sender_name": "Un nom d’émetteur a 11 lettres ou chiffres au plus, dont une lettre, sans espace.",
        "vat_rate": "Deux décimales au plus.",
        "country": "Ce code de pays est inconnu\u00a0: deux majuscules de la norme ISO 3166.",
        "oups": "Ce champ n’existe pas.",
    }
    assert found["calendar"].startswith("Valeurs possibles\u00a0: metropole, ")


@pytest.mark.parametrize(
    ("model", "body", "said"),
    [
        (ConsentBody, {"collected_at": "hier"}, "2026-11-23"),
        (SendRequestBody, {"text": "a", "recipients": ONE, "confirm_duplicates": "oui"}, "true ou false"),
        (SchoolBody, {**SCHOOL, "managers": [{"name": "M", "email": "marie"}]}, "prenom.nom@etablissement.fr"),
        (SchoolBody, {**SCHOOL, "country": "France"}, "ISO 3166"),
    ],
)
def test_what_is_wrong_says_what_would_be_right(model: type[BaseModel], body: Any, said: str) -> None:
    assert any(said in problem["detail"] for problem in wrong(model, body))


def test_at_most_a_hundred_problems_are_reported() -> None:
    assert len(wrong(SendRequestBody, {"text": "a", "recipients": [{}] * 5_000})) == 100
