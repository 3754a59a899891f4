"""The operator lets machine clients act for a school; without that none does (R28)."""

import re
from dataclasses import dataclass

from schoolsms.application.schools.audited_change import AuditedChange
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.schools import Integration, School

_CLIENT_ID = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True)
class GrantIntegrations:
    """A grant holds from the next request on, and so does its end: it is looked up each time."""

    act: AuditedChange

    def grant(self, caller: Caller, uai: str, client_id: str) -> School:
        """Raises RefusedError for a client id that is none, ConflictError when there are too many."""
        caller.require("operator")
        if not _CLIENT_ID.fullmatch(client_id):
            raise RefusedError(
                "Un identifiant d'application a 128 caractères au plus, sans espace.", "invalid-client-id"
            )
        integration = Integration(client_id, self.act.clock.now(), caller.subject)
        return self.act.perform(
            caller,
            uai,
            "integration-granted",
            lambda school: school.granting(integration),
            detail=lambda _: {"client_id": client_id},
        )

    def revoke(self, caller: Caller, uai: str, client_id: str) -> School:
        """Whether it was granted or not."""
        caller.require("operator")
        return self.act.perform(
            caller,
            uai,
            "integration-revoked",
            lambda school: school.revoking(client_id),
            detail=lambda _: {"client_id": client_id},
        )

    def granted(self, uai: str, client_id: str) -> bool:
        """Whether `client_id` may act for the school now."""
        school = self.act.schools.get(uai)
        return school is not None and school.grants(client_id)
