"""Phone numbers as they are shown to somebody who need not know them."""

SHOWN_FIRST, SHOWN_LAST = 4, 2


def masked(phone: str) -> str:
    """`+33612345650` → `+336••••••50`; of one that is too short for that, nothing is left."""
    hidden = len(phone) - SHOWN_FIRST - SHOWN_LAST
    if hidden < SHOWN_FIRST:
        return "•" * len(phone)
    return f"{phone[:SHOWN_FIRST]}{'•' * hidden}{phone[-SHOWN_LAST:]}"
