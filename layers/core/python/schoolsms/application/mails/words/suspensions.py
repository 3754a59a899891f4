"""The mails about a suspension, its end and a termination that a school's managers read (R27, §6)."""

from schoolsms.application.mails.layout import Facts, Notice, letter
from schoolsms.domain.french import paris_datetime
from schoolsms.domain.schools.decisions.school_acts import Act

SUSPENDED = "Envoi de SMS suspendu"
SUSPENSION_ENDED = "Envoi de SMS rétabli"
TERMINATED = "Service de SMS résilié"


def suspended(*, school_name: str, act: Act, answer_to: str) -> Notice:
    """To every manager: why nothing is sent any more, and what to do."""
    return letter(
        SUSPENDED,
        f"Kosmos a suspendu l'envoi de SMS de votre établissement ({school_name}).",
        _facts(act),
        "Tout nouvel envoi est refusé, et les messages qui n'étaient pas encore remis à l'opérateur mobile sont "
        "annulés. Leurs SMS sont rendus au stock, qui est conservé.",
        f"Pour contester cette suspension ou demander sa levée, écrivez à {answer_to} : dites ce que vous avez "
        "constaté et les mesures que vous avez prises.",
    )


def suspension_ended(*, school_name: str, act: Act, answer_to: str) -> Notice:
    """To every manager: sending is possible again."""
    return letter(
        SUSPENSION_ENDED,
        f"La suspension de l'envoi de SMS de votre établissement ({school_name}) est levée : vous pouvez de nouveau "
        "envoyer des SMS.",
        _facts(act),
        "Les messages annulés pendant la suspension ne partiront pas : renvoyez ceux qui restent utiles.",
        f"Pour toute question, écrivez à {answer_to}.",
    )


def terminated(*, school_name: str, act: Act, answer_to: str) -> Notice:
    """To every manager: the service has ended for good."""
    return letter(
        TERMINATED,
        f"Kosmos a résilié le service de SMS de votre établissement ({school_name}).",
        _facts(act),
        "La résiliation est définitive. Plus aucun SMS ne peut être envoyé, les messages qui n'étaient pas encore "
        "remis à l'opérateur mobile sont annulés, et les SMS restants ne sont pas remboursés (article 6 des conditions "
        "particulières). Vous pouvez encore consulter et exporter l'historique.",
        f"Pour contester cette décision, écrivez à {answer_to}.",
    )


def _facts(act: Act) -> Facts:
    return Facts((("Motif", act.reason), ("Décidé le", paris_datetime(act.at))))
