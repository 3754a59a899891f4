"""The addresses that a school's mails go to (§3, R10): its managers', until a manager keeps a list of its own.

pending ─link followed in time→ confirmed          an address of a registered manager is confirmed from the start
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.schools.mail_addresses import comparable

MOST_NOTIFIED = 20
LINK_LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Notified:
    """`token` is in the link that was mailed, "" for a registered manager's address. It is random and stored here, so
    that taking the address off the list also ends its link."""

    email: str
    added_at: datetime
    token: str = ""
    confirmed: bool = True

    @property
    def expires_at(self) -> datetime:
        """The end of the link."""
        return self.added_at + LINK_LASTS


def relisted(
    known: Iterable[Notified],
    wanted: Iterable[str],
    is_manager: Callable[[str], bool],
    new_token: Callable[[], str],
    now: datetime,
) -> tuple[Notified, ...]:
    """The list of the `wanted` addresses, each once. New ones that are no manager's wait for their link to be followed.

    An address that waited too long gets a new link. Raises RefusedError for a list that nobody confirmed.
    """
    before = {comparable(each.email): each for each in known}
    listed: dict[str, Notified] = {}
    for email in wanted:
        key = comparable(email)
        standing = before.get(key)
        if key in listed:
            continue
        if standing and (standing.confirmed or now < standing.expires_at):
            listed[key] = standing
        elif is_manager(email):
            listed[key] = Notified(email, now)
        else:
            listed[key] = Notified(email, now, new_token(), confirmed=False)
    if not any(each.confirmed for each in listed.values()):
        raise RefusedError(
            "Gardez au moins une adresse confirmée : sinon personne ne serait prévenu.", "nobody-notified-left"
        )
    return tuple(listed.values())


def confirming(known: Iterable[Notified], token: str, now: datetime) -> tuple[Notified, ...]:
    """The list with the address of that link confirmed; unchanged if it was. Raises NotFoundError."""
    found, listed = False, []
    for each in known:
        if token and each.token == token and (each.confirmed or now < each.expires_at):
            found = True
            each = replace(each, confirmed=True)
        listed.append(each)
    if not found:
        raise NotFoundError("Ce lien n'est plus valable.")
    return tuple(listed)
