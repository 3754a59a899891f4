"""The service that issues a form, as each form names it."""

from dataclasses import dataclass

from schoolsms.domain.schools.support_contact import SupportContact


@dataclass(frozen=True)
class Imprint:
    """Where the form goes back to, whom a school can ask, and where it reads the conditions ("" for nowhere)."""

    order_inbox: str
    contact: SupportContact = SupportContact()
    public_url: str = ""

    def conditions(self, version: str) -> str:
        """The address of that version of the conditions, "" if there is none."""
        return f"{self.public_url}/conditions/{version}" if self.public_url else ""
