"""Made-up schools and people for whoever tries a running stack by hand: `/local/`, `make order`, the guide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DemoSchool:
    """A school that nobody has registered yet, and the person who is going to manage its SMS."""

    uai: str
    siret: str
    name: str
    manager: str
    email: str

    def registration(self, subscription_end: str) -> dict[str, Any]:
        """Return the body with which the operator registers the school."""
        address = {"line1": "1 rue des Écoles", "postcode": "75005", "city": "Paris", "country": "FR"}
        return {
            "name": self.name,
            "siret": self.siret,
            "address": address,
            "managers": [{"name": self.manager, "email": self.email}],
            "subscription_end": subscription_end,
        }


@dataclass(frozen=True)
class Persona:
    """Somebody to act as. `may` says in French what for; `school` is a UAI, "" for the operator."""

    key: str
    title: str
    name: str
    email: str
    school: str
    roles: tuple[str, ...]
    may: str

    @property
    def claims(self) -> dict[str, Any]:
        """The body of `POST /local/tokens`."""
        return {"sub": self.key, "email": self.email, "school": self.school, "roles": list(self.roles)}


SCHOOL = DemoSchool("0750655E", "19750655300019", "Collège Éluard", "Marie Martin", "marie@college.test")
OTHER_SCHOOL = DemoSchool("0751202Z", "19751202300015", "Lycée Louise-Michel", "Hugo Petit", "hugo@lycee.test")

OPERATOR = Persona(
    "operatrice",
    "Opératrice",
    "Camille Roux",
    "camille@kosmos.test",
    "",
    ("operator",),
    "enregistre les établissements, tranche les commandes en examen, suit les factures",
)


def manager_of(school: DemoSchool) -> Persona:
    return Persona(
        f"gestionnaire-{school.uai}",
        f"Gestionnaire SMS, {school.name}",
        school.manager,
        school.email,
        school.uai,
        ("sms_manager", "sms_sender"),
        "commande, envoie, lit le stock, le journal et l’historique de son établissement",
    )


TEACHER = Persona(
    f"enseignant-{SCHOOL.uai}",
    f"Enseignant, {SCHOOL.name}",
    "Karim Benali",
    "karim@college.test",
    SCHOOL.uai,
    ("sms_sender",),
    "écrit aux familles et suit ses propres envois, sans voir le stock",
)

PERSONAS = (manager_of(SCHOOL), TEACHER, OPERATOR, manager_of(OTHER_SCHOOL))
