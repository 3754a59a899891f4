"""The caller, and what the three roles may do (R2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schoolsms.domain.errors import RefusedError

Role = Literal["operator", "sms_manager", "sms_sender"]
ROLES: tuple[Role, ...] = ("operator", "sms_manager", "sms_sender")
SENDING: tuple[Role, ...] = ("sms_sender", "sms_manager")
"""Roles that may send for their school."""


LONGEST_SUBJECT = 255
"""Characters of a token's `sub` (OpenID Connect Core 1.0, section 2)."""


def is_name(written: str) -> bool:
    """Whether a caller can be remembered by it: some signs, none of them invisible."""
    return 0 < len(written) <= LONGEST_SUBJECT and written.isprintable() and written == written.strip()


class Forbidden(RefusedError):
    """The caller's roles do not allow this, or the caller belongs to no school."""

    code = "forbidden"


def _who_may(roles: tuple[Role, ...], *, operates: bool) -> str:
    """Name the role that the action needs, and whom to ask, in French; `operates`: to the operator."""
    if operates and "operator" not in roles:
        return "Cette action est réservée aux gestionnaires de SMS de l’établissement. Demandez-la à l’un d’eux."
    if "sms_manager" not in roles:
        return "Cette action est réservée à Kosmos. Si vous en avez besoin, contactez Kosmos."
    named = "gestionnaire de SMS, ou d'expéditeur de SMS," if "sms_sender" in roles else "gestionnaire de SMS"
    asked = "la personne qui administre Skolengo dans" if "sms_sender" in roles else "un gestionnaire de SMS de"
    return f"Cette action demande le rôle de {named} que vous n'avez pas. Adressez-vous à {asked} votre établissement."


@dataclass(frozen=True)
class Caller:
    """The person (or machine client) a token names. `school` is a UAI, "" for the operator.

    `granted`: the operator lets the machine client `client_id` act for that school (R28). A machine client has the role
    `operator` only if it may act for the operator.
    """

    subject: str
    email: str
    school: str
    roles: frozenset[str]
    client_id: str = ""
    granted: bool = False

    def require(self, *roles: Role) -> None:
        """Raise Forbidden unless the caller has one of `roles`, and a name to be remembered by (R26)."""
        if not self.subject or self.roles.isdisjoint(roles):
            if self.client_id and not self.granted:
                raise self._not_granted()
            raise Forbidden(_who_may(roles, operates="operator" in self.roles))

    def require_school(self, *roles: Role) -> str:
        """The UAI of the caller's school.

        Raises Forbidden without one of `roles`, without a school, and to machine clients that are not granted (R28).
        """
        self.require(*roles)
        if self.client_id and not self.granted:
            raise self._not_granted()
        if not self.school:
            raise Forbidden(
                "Votre compte n'est rattaché à aucun établissement. Adressez-vous à la personne qui administre "
                "Skolengo dans votre établissement."
            )
        return self.school

    def require_operator_or_school(self, *roles: Role) -> str | None:
        """None for the operator, who acts for every school; else as `require_school`. Asked before anything is read."""
        if "operator" in self.roles:
            self.require("operator")
            return None
        return self.require_school(*roles)

    def as_manager_of(self, uai: str) -> Caller:
        """The operator, reading what a manager of that school reads; see `view_school`, which records it first."""
        self.require("operator")
        return Caller(self.subject, self.email, uai, frozenset(("sms_manager",)))

    def _not_granted(self) -> Forbidden:
        return Forbidden(
            "Cette application n'est pas autorisée à agir pour votre établissement. Contactez Kosmos.",
            "integration-not-granted",
        )

    @property
    def manages(self) -> bool:
        """Whether the caller may see the stock and the history (R14, R36)."""
        return "sms_manager" in self.roles
