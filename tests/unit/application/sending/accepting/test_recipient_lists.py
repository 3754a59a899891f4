"""Lists that are uploaded once and sent to once (R2, R22, R29)."""

from dataclasses import replace
from typing import Any

import pytest

from schoolsms.application.sending.accepting.accept_send_request import AcceptSendRequest, NoRecipientLeft, SendCommand
from schoolsms.application.sending.accepting.recipient_lists import OpenRecipientList
from schoolsms.domain.errors import InsufficientBalance, NotFoundError, RefusedError, SchoolClosed
from schoolsms.domain.schools.access import Forbidden
from tests.support.builders import A_MANAGER, A_SENDER, NOW, OPERATOR, OTHER_UAI, STRANGER, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending, phone

CSV = f"prénom;portable\nZoé;{phone(0)}\n\nKarim;12\nLou;{phone(1)}\n".encode()


def to_list(list_id: str, text: str = "Bonjour ((prenom))", **more: Any) -> SendCommand:
    return SendCommand(text, recipient_list=list_id, **more)


def test_a_list_is_sent_to_and_forgotten_and_its_refusals_name_their_rows() -> None:
    sending = Sending()
    outcome = sending.accept(to_list(sending.lists.put(UAI, CSV)))
    assert [line.text for line in sending.requests.all_lines(outcome.request)] == ["Bonjour Zoé", "Bonjour Lou"]
    assert [(each.index, each.row, each.code) for each in outcome.refusals] == [(1, 4, "invalid-number")]
    assert (sending.balance(), sending.lists.stored, list(outcome.warnings)) == (98, {}, [])


def test_the_numbers_of_a_list_that_are_not_written_to_are_said() -> None:
    sending = Sending()
    content = f"portable mère;portable père\n{phone(0)};{phone(1)}\n".encode()
    outcome = sending.accept(to_list(sending.lists.put(UAI, content), "Bonjour"))
    assert [(each.code, each.name, each.recipients) for each in outcome.warnings] == [
        ("unused-numbers", "portable père", 1)
    ]


def test_a_list_with_two_columns_of_the_name_that_the_text_uses_sends_nothing() -> None:
    sending = Sending()
    list_id = sending.lists.put(UAI, f"Prénom;portable;PRENOM\nZoé;{phone(0)};Anne\n".encode())
    with pytest.raises(RefusedError) as refused:
        sending.accept(to_list(list_id))
    assert refused.value.code == "invalid-list"
    assert sending.balance() == 100
    assert [line.text for line in sending.requests.all_lines(sending.accept(to_list(list_id, "Bonjour")).request)] == [
        "Bonjour"
    ]


def test_a_retry_finds_the_request_though_its_list_is_gone() -> None:
    """R29: who died before answering is asked again."""
    sending = Sending()
    list_id = sending.lists.put(UAI, CSV)
    dying: AcceptSendRequest = replace(sending.accepting, lists=interrupted(sending.lists, after={"discard": dies}))
    with pytest.raises(Died):
        dying.accept(A_SENDER, to_list(list_id), "k1")
    again = sending.accept(to_list(list_id), key="k1")
    assert [each.row for each in again.refusals] == [4]
    assert sending.balance() == 98


def test_the_same_key_with_another_list_is_another_body() -> None:
    sending = Sending()
    sending.accept(to_list(sending.lists.put(UAI, CSV)), key="k1")
    with pytest.raises(RefusedError) as refused:
        sending.accept(to_list("LISTBBBBBBBBBB"), key="k1")
    assert refused.value.code == "idempotency-key-reused"


def test_a_list_stays_while_its_request_could_not_be_accepted() -> None:
    sending = Sending(stock=1)
    list_id = sending.lists.put(UAI, CSV)
    with pytest.raises(InsufficientBalance):
        sending.accept(to_list(list_id))
    sending.ledger.give(UAI, 1, NOW)
    sending.accept(to_list(list_id))


def test_the_rows_of_those_who_got_it_a_moment_ago_are_named_too() -> None:
    sending = Sending()
    sending.accept(to_list(sending.lists.put(UAI, CSV)))
    with pytest.raises(NoRecipientLeft) as left:
        sending.accept(to_list(sending.lists.put(UAI, CSV)))
    assert [(each.row, each.code) for each in left.value.refusals] == [
        (2, "duplicate"),
        (4, "invalid-number"),
        (5, "duplicate"),
    ]


@pytest.mark.parametrize("list_id", ["LISTAAAAAAAAAA", "../x", "", "LISTAAAAAAAAAA/..", "lista" * 40])
def test_a_list_that_is_not_there_or_of_another_school_is_not_found(list_id: str) -> None:
    """R2."""
    sending = Sending()
    sending.lists.put(OTHER_UAI, CSV, list_id)
    with pytest.raises(NotFoundError if list_id else NoRecipientLeft):
        sending.accept(to_list(list_id))
    assert sending.balance() == 100


# ------------------------------------------------------------------ opening one


def opening(sending: Sending) -> OpenRecipientList:
    return OpenRecipientList(sending.schools, sending.lists, sending.clock)


@pytest.mark.parametrize("caller", [A_SENDER, A_MANAGER])
def test_callers_who_may_send_may_upload(caller: Any) -> None:
    assert opening(Sending()).open(caller).url.startswith(f"https://lists.test/{UAI}/")


def test_nobody_else_may() -> None:
    with pytest.raises(Forbidden):
        opening(Sending()).open(OPERATOR)
    with pytest.raises(NotFoundError):
        opening(Sending()).open(STRANGER)
    sending = Sending()
    sending.suspend()
    with pytest.raises(SchoolClosed):
        opening(sending).open(A_SENDER)
