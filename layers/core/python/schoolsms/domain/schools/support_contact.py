"""Contact that a school can ask: an address, a telephone and a page of the operator (R51)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SupportContact:
    """Each may be "" if the operator has none; without any, nobody is named."""

    email: str = ""
    phone: str = ""
    page: str = ""

    @property
    def ways(self) -> str:
        """The ways to ask, in French: "sms@kosmos.fr, 02 40 00 00 00, https://…"."""
        return ", ".join(each for each in (self.email, self.phone, self.page) if each)

    def named_in(self, detail: str) -> str:
        """`detail`, with the ways to ask after « contactez Kosmos » where it says so."""
        if not self.ways:
            return detail
        for verb in ("Contactez Kosmos", "contactez Kosmos"):
            detail = detail.replace(verb, f"{verb} ({self.ways})")
        return detail
