"""The errors of the service.

SchoolSmsError
├── TransientError            may work when tried again: the only kind that makes a queue retry
└── RefusedError              the caller must change something; carries a stable `code`
    ├── NotFoundError         no such thing in this school
    ├── ConflictError         the thing is in another state than the caller thought
    │   └── IdempotencyKeyReused   the key is that of another request (R29)
    ├── InsufficientBalance   the request costs more than the stock (R16)
    ├── DailyLimitReached     the request costs more than the school may still send today (R25)
    ├── UnderMaintenance      what arrives waits until the operator says that it goes on (R49)
    └── SchoolClosed          suspended, terminated or out of subscription (R1, R17, R27)
"""


class SchoolSmsError(Exception):
    """Root of all errors that this service raises on purpose."""


class TransientError(SchoolSmsError):
    """Something outside did not answer as it should; trying again may help."""


class RefusedError(SchoolSmsError):
    """A refusal. `code` is stable and for programs, `detail` is French and for people.

    `field` is that of a body, if one is to be changed.
    """

    code = "refused"

    def __init__(self, detail: str, code: str | None = None, *, field: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.field = field


class NotFoundError(RefusedError):
    """No such thing, or none in this school: the two look the same from outside (R2)."""

    code = "not-found"


class ConflictError(RefusedError):
    """The thing is no longer in the state the request needs."""

    code = "conflict"


class IdempotencyKeyReused(ConflictError):
    """The key belongs to another request: another body, or another school year (R29)."""

    code = "idempotency-key-reused"

    def __init__(self) -> None:
        super().__init__("Cette clé d'idempotence a déjà servi pour un autre envoi : utilisez-en une nouvelle.")


class InsufficientBalance(RefusedError):
    """The request costs more SMS than the school has (R16)."""

    code = "insufficient-balance"


class DailyLimitReached(RefusedError):
    """The request costs more SMS than the school may still send today (R25)."""

    code = "daily-limit-reached"


class UnderMaintenance(RefusedError):
    """The operator works on the service. Nothing was done, and the same will work in some minutes (R49)."""

    code = "maintenance"

    def __init__(self) -> None:
        super().__init__(
            "Le service est en maintenance : cet envoi n'est pas parti et rien n'a été débité. "
            "Refaites-le dans quelques minutes."
        )


class SenderBlocked(RefusedError):
    """A manager stopped this user (R25, R26)."""

    code = "sender-blocked"


class SchoolClosed(RefusedError):
    """The school may not send now; `code` says why (R1, R17, R27)."""


def not_of_this_list() -> RefusedError:
    """The refusal of a cursor that this list did not hand out."""
    return RefusedError("Ce curseur n'est pas de cette liste.", "invalid-cursor")
