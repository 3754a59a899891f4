"""The addresses from which a school orders, as the operator registers them (R13)."""

from typing import Any

import pytest

from tests.unit.api.bodies.test_bodies import UAI, read, wrong_fields


@pytest.mark.parametrize(
    "sender", ["secretariat@lycee.test", "ce.0750655E@ac-paris.fr", "ce.<uai>@ac-paris.fr", "CE.<UAI>@ac-paris.fr"]
)
def test_a_school_takes_orders_from_registered_addresses(sender: str) -> None:
    """R13."""
    assert read(order_senders=[f" {sender} ", sender]).school(UAI).order_senders == (sender,)


def test_a_school_takes_orders_from_its_managers_alone_by_itself() -> None:
    assert read().school(UAI).order_senders == ()


@pytest.mark.parametrize(
    "senders",
    [
        ["ac-paris.fr"],
        ["\u00e9lise@ac-paris.fr"],
        ["a@b..test"],
        ["a\x00@b.test"],
        ["ce.<uai>@ac-paris..fr"],
        ["@ac-paris.fr"],
        ["ce.<rne>@ac-paris.fr"],
        ["ce.<uai>@"],
        ["ce.<uai>@ac-paris"],
        ["ce.<uai>@<academie>.fr"],
        ["x.<uai>@ac-paris.fr"],
        ["<uai>@ac-paris.fr"],
        ["*@ac-paris.fr"],
        ["ce.*@ac-paris.fr"],
        ["ce.<uai>@ac-paris.fr@x.fr"],
        ["a@b.test, c@d.test"],
        [""],
        ["x" * 250 + "@b.test"],
        [f"a{number}@b.test" for number in range(21)],
        "a@b.test",
        None,
    ],
)
def test_a_sender_that_is_neither_address_nor_institutional_pattern_is_refused(senders: Any) -> None:
    assert {field.partition(".")[0] for field in wrong_fields(order_senders=senders)} == {"order_senders"}


@pytest.mark.parametrize("email", ["\u00e9lise@lycee.test", "a@b..test", "a\x00@b.test", "a@\u017fk.test", "a.@b.test"])
def test_a_manager_to_whom_no_mail_can_go_is_refused(email: str) -> None:
    assert wrong_fields(managers=[{"name": "Marie Durand", "email": email}]) == {"managers.0.email"}
