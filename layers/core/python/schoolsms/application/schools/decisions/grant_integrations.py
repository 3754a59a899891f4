"""Let machine clients act for a school, or no longer (R28). Without a grant none does."""

import re
from dataclasses import dataclass

from schoolsms.application.schools.decisions.audited_change import AuditedChange
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.schools import Integration, School

_CLIENT_ID = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True)
class GrantIntegrations:
    """A grant, or its end, applies from the next request on, because each request looks it up."""

    act: AuditedChange

    def grant(self, caller: Caller, uai: str, client_id: str) -> School:
        """Raises RefusedError for a malformed client id, ConflictError when there are too many."""
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
        """End the grant; harmless if there was none."""
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
