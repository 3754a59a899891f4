"""Views of the people whom a school's mails go to."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from schoolsms.api.views.values import utc
from schoolsms.domain.french import printed

if TYPE_CHECKING:
    from typing import Annotated, Literal, TypedDict

    from schoolsms.api.views.values import Instant
    from schoolsms.application.schools.keep_notified import NotifiedList

    class NotifiedAddressView(TypedDict):
        email: str
        state: Literal["confirmed", "pending"]
        expires_at: Annotated[Instant | None, "the end of the link of a pending one"]
        receives: Annotated[bool, "false once a mail to it came back for good, or was reported as unwanted"]

    class NotifiedView(TypedDict):
        items: list[NotifiedAddressView]
        by_default: Annotated[bool, "the registered managers, because the school keeps no list"]
        you_are_notified: bool

    class UnmailedView(TypedDict):
        email: str
        detail: Annotated[str, "why its link was not mailed, and what to do, in French"]

    class ChangedNotifiedView(NotifiedView):
        not_mailed: list[UnmailedView]


def notified_view(of: NotifiedList) -> NotifiedView:
    listed = of.school.notified
    items: list[NotifiedAddressView] = [
        {
            "email": each.email,
            "state": "confirmed" if each.confirmed else "pending",
            "expires_at": None if each.confirmed else utc(each.expires_at),
            "receives": each.email not in of.unreachable,
        }
        for each in listed
    ]
    if not listed:
        items = [
            {"email": each, "state": "confirmed", "expires_at": None, "receives": each not in of.unreachable}
            for each in of.school.notified_addresses()
        ]
    return {"items": items, "by_default": not listed, "you_are_notified": of.includes_caller}


def changed_notified_view(of: NotifiedList) -> ChangedNotifiedView:
    not_mailed: list[UnmailedView] = [{"email": email, "detail": why} for email, why in of.unmailed.items()]
    return {**notified_view(of), "not_mailed": not_mailed}


def to_confirm_page(school_name: str) -> str:
    """The page that a link opens. Its button confirms, because programs that check mails open links too."""
    return _page(
        "Confirmer cette adresse",
        f"Recevoir à cette adresse les messages du service SMS pour l'établissement {school_name} ?",
        '<form method="post"><button style="font:inherit;padding:12px 24px">Confirmer</button></form>',
    )


def confirmed_page(school_name: str) -> str:
    """The page of an address that was confirmed in time."""
    return _page(
        "Adresse confirmée",
        f"Vous recevrez désormais les messages du service SMS pour l'établissement {school_name}. Vous pouvez fermer "
        "cette page.",
    )


def link_ended_page() -> str:
    """The page of a link that leads nowhere."""
    return _page(
        "Ce lien n'est plus valable",
        "Il a expiré, ou l'adresse a été retirée de la liste. Demandez à un gestionnaire de SMS de votre établissement "
        "de l'ajouter de nouveau.",
    )


def _page(title: str, text: str, form: str = "") -> str:
    return (
        '<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(printed(title))}</title></head>\n"
        '<body style="font:16px/1.5 sans-serif;max-width:600px;margin:40px auto;padding:0 16px">'
        f"<main><h1>{escape(printed(title))}</h1><p>{escape(printed(text))}</p>{form}</main></body></html>\n"
    )
