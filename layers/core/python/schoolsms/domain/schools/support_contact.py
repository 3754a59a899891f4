"""Contact that a school can ask: an address, a telephone and a page of the operator (R51)."""

from dataclasses import dataclass

from schoolsms.domain.french import NBSP


@dataclass(frozen=True, slots=True)
class SupportContact:
    """Each may be "" if the operator has none; without any, nobody is named."""

    email: str = ""
    phone: str = ""
    page: str = ""

    @property
    def ways(self) -> str:
        """The ways to ask: "sms@kosmos.fr, 02 40 00 00 00, https://…", a telephone number on one line."""
        return ", ".join(each for each in (self.email, self.phone.replace(" ", NBSP), self.page) if each)

    def named_in(self, detail: str) -> str:
        """`detail`, with the ways to ask after « contactez Kosmos » where it says so."""
        if not self.ways:
            return detail
        for verb in ("Contactez Kosmos", "contactez Kosmos"):
            detail = detail.replace(verb, f"{verb} ({self.ways})")
        return detail
