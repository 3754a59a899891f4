"""Keep templates, which managers write and senders use (R19)."""

from dataclasses import dataclass

from schoolsms.application.ports.accounts.templates import Templates
from schoolsms.application.ports.core import Clock, Schools, Slice
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.sending.templates import MOST_TEMPLATES, StoredTemplate, Wording, checked, key_of

_NO_SUCH_TEMPLATE = "Ce modèle n'existe pas : choisissez-en un dans la liste des modèles de votre établissement."


@dataclass(frozen=True)
class KeepTemplates:
    """Managers write; senders read, to choose one. Raises NotFoundError without a registered school."""

    schools: Schools
    templates: Templates
    clock: Clock

    def put(
        self, caller: Caller, name: str, text: str, *, confirm_placeholders: bool = False
    ) -> tuple[StoredTemplate, bool]:
        """The stored template, and whether it is new. Raises RefusedError.

        Two written at once may exceed the limit by one, which only keeps the list readable.
        """
        uai = require_callers_school(self.schools, caller, "sms_manager").uai
        template = checked(name, text, self.clock.now(), confirm_placeholders=confirm_placeholders)
        if self.templates.count(uai) >= MOST_TEMPLATES and self.templates.get(uai, template.key) is None:
            raise RefusedError(f"Un établissement garde au plus {MOST_TEMPLATES} modèles.", "too-many-templates")
        return template, self.templates.put(uai, template)

    def show(self, caller: Caller, name: str) -> StoredTemplate:
        """Raises NotFoundError."""
        uai = require_callers_school(self.schools, caller, "sms_manager", "sms_sender").uai
        found = self.templates.get(uai, key_of(name))
        if found is None:
            raise NotFoundError(_NO_SUCH_TEMPLATE)
        return found

    def list(self, caller: Caller, cursor: str | None) -> Slice[StoredTemplate]:
        """By name."""
        return self.templates.of_school(
            require_callers_school(self.schools, caller, "sms_manager", "sms_sender").uai, cursor
        )

    def delete(self, caller: Caller, name: str) -> None:
        """Remove the template; messages sent with it stay. Raises NotFoundError."""
        if not self.templates.delete(require_callers_school(self.schools, caller, "sms_manager").uai, key_of(name)):
            raise NotFoundError(_NO_SUCH_TEMPLATE)


def text_of(templates: Templates, uai: str, wording: Wording) -> str:
    """The text that is meant, variables and all. Raises RefusedError when no template has that name."""
    if isinstance(wording, str):
        return wording
    found = templates.get(uai, key_of(wording.name))
    if found is None:
        raise RefusedError(_NO_SUCH_TEMPLATE, "template-not-found")
    return found.text
