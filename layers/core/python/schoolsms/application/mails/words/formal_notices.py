"""The mails about a formal notice that a school's managers read (§6)."""

from schoolsms.application.mails.layout import Facts, Notice, letter
from schoolsms.domain.french import french_date, paris_datetime
from schoolsms.domain.schools.decisions.formal_notices import FormalNotice

FORMAL_NOTICE = "Mise en demeure : utilisation du service de SMS"
FORMAL_NOTICE_LIFTED = "Mise en demeure levée"


def formal_notice(*, school_name: str, notice: FormalNotice, answer_to: str) -> Notice:
    """To every manager: the facts, the date, the deadline, how to answer, and what may follow."""
    return letter(
        FORMAL_NOTICE,
        f"Kosmos met votre établissement ({school_name}) en demeure de cesser une utilisation du service de SMS qui "
        "n'est pas conforme au contrat (article 6 des conditions particulières).",
        Facts(
            (
                ("Faits constatés", notice.facts),
                ("Notifiée le", paris_datetime(notice.given_at)),
                ("À faire cesser au plus tard le", french_date(notice.deadline)),
            )
        ),
        f"Répondez par courriel à {answer_to}, avant cette date : dites ce que vous avez constaté et les mesures que "
        "vous avez prises. Votre réponse sera enregistrée.",
        "L'envoi de SMS reste possible. Sans réponse satisfaisante, ou en cas de nouveau manquement, Kosmos peut "
        "interrompre le service sans délai ou résilier le contrat, sans remboursement.",
    )


def formal_notice_lifted(*, school_name: str, notice: FormalNotice, answer_to: str) -> Notice:
    """To every manager: the notice has ended, and why."""
    return letter(
        FORMAL_NOTICE_LIFTED,
        f"La mise en demeure adressée à votre établissement ({school_name}) le "
        f"{paris_datetime(notice.given_at)} est levée.",
        Facts((("Motif", notice.lifting_reason), ("Faits qui avaient été constatés", notice.facts))),
        f"Vous n'avez plus rien à faire. Pour toute question, écrivez à {answer_to}.",
    )
