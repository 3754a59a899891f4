"""Authorise a school's destinations abroad, and accept them with tariff and multipliers (R23)."""

from collections.abc import Mapping
from dataclasses import dataclass

from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.application.schools.decisions.audited_change import AuditedChange
from schoolsms.domain.errors import SchoolClosed
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.decisions.destinations import Tariff
from schoolsms.domain.schools.schools import School


@dataclass(frozen=True)
class AuthoriseDestinations:
    """Records each authorisation and each acceptance in full, with who and when."""

    act: AuditedChange

    def authorise(
        self,
        caller: Caller,
        uai: str,
        sending_country: str,
        multipliers: Mapping[str, int],
        tariff: Tariff | None = None,
    ) -> School:
        """Propose these destinations and their tariff to the school, in place of all before. Raises RefusedError."""
        caller.require("operator")
        return self.act.perform(
            caller,
            uai,
            "destinations-authorised",
            lambda school: school.authorised(sending_country, multipliers, tariff),
            detail=_proposed,
        )

    def show(self, caller: Caller) -> School:
        """The caller's school."""
        return require_callers_school(self.act.schools, caller, "sms_manager")

    def accept(self, caller: Caller, version: int | None) -> School:
        """Accept the present offer, of which `version`, if named, was read. Raises ConflictError, SchoolClosed."""
        uai = caller.require_school("sms_manager")

        def accepting(school: School) -> School:
            if school.state == "terminated":
                raise SchoolClosed("Le service de SMS de votre établissement est résilié.", "school-terminated")
            return school.accepting(version)

        return self.act.perform(caller, uai, "destinations-accepted", accepting, detail=_proposed)


def _proposed(school: School) -> Mapping[str, object]:
    proposed = school.destinations
    if proposed is None:
        return {}
    detail: dict[str, object] = {
        "version": proposed.version,
        "sending_country": proposed.sending_country,
        "multipliers": dict(proposed.multipliers),
    }
    if tariff := proposed.tariff:
        detail["tariff"] = {"text": tariff.text, "prices": dict(tariff.shown_prices())}
    return detail
