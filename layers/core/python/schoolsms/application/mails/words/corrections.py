"""The mails about a correction of a stock: to the second operator, and to a school's managers (R18)."""

from schoolsms.application.mails.layout import Facts, Notice, letter
from schoolsms.domain.french import NBSP, french_number, paris_datetime
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.stock.ledger import Entry

STOCK_CORRECTED = "Stock de SMS corrigé"
CORRECTION_PROPOSED = "Correction de stock à confirmer"

_CORRECTED = {"order": "Commande", "send_request": "Envoi"}


def stock_corrected(*, school_name: str, act: Act, entry: Entry, answer_to: str) -> Notice:
    """To every manager, once the entry is posted: what changed, and why."""
    added = entry.amount > 0
    asked = act.detail["sms"]
    missing = entry.amount - asked if isinstance(asked, int) else 0
    used = (
        f"L'erreur portait sur {_sms(abs(entry.amount) + missing)}. Comme {_sms(missing)} étaient déjà utilisés, seul "
        "ce qui restait a été retiré : votre stock n'est jamais négatif."
    )
    return letter(
        STOCK_CORRECTED,
        f"Kosmos a corrigé une erreur dans le stock de SMS de votre établissement ({school_name}).",
        Facts(
            (
                ("SMS ajoutés" if added else "SMS retirés", _sms(abs(entry.amount))),
                ("Stock après la correction", _sms(entry.balance_after)),
                ("Motif", act.reason),
                *_corrected(act),
                ("Correction", entry.cause.id),
                ("Enregistrée le", paris_datetime(entry.at)),
            )
        ),
        *((used,) if missing else ()),
        "Cette correction figure au relevé de votre stock. Elle ne change rien à vos factures.",
        f"Si elle vous paraît erronée, écrivez à {answer_to} en indiquant le numéro de la correction.",
    )


def correction_proposed(*, uai: str, school_name: str, act: Act) -> Notice:
    """To the operator: a second person is to confirm or refuse."""
    sms = act.detail["sms"]
    return letter(
        f"{CORRECTION_PROPOSED} : {school_name}",
        f"Une correction du stock de SMS de {school_name} ({uai}) attend la décision d'une deuxième personne.",
        Facts(
            (
                ("Correction", str(act.detail["correction"])),
                ("SMS à ajouter" if isinstance(sms, int) and sms > 0 else "SMS à retirer", _sms(abs(int(str(sms))))),
                ("Motif", act.reason),
                *_corrected(act),
                ("Proposée par", act.by_email or act.by),
                ("Proposée le", paris_datetime(act.at)),
            )
        ),
        "La personne qui l'a proposée ne peut pas la décider. Rien ne change avant la décision.",
    )


def _corrected(act: Act) -> tuple[tuple[str, str], ...]:
    type_, _, of = str(act.detail.get("corrects", "")).partition(" ")
    return ((_CORRECTED[type_], of),) if type_ in _CORRECTED else ()


def _sms(number: int) -> str:
    return f"{french_number(number)}{NBSP}SMS"
