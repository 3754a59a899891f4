"""The smoke test that an operator runs after a deployment (R48)."""

from collections.abc import Callable

from local.players.school import SchoolPlayer
from local.stack.process import Stack
from tests.support.journeys.operating import operate


def test_the_smoke_test_passes_where_an_sms_arrives_and_fails_where_it_is_lost(
    stack: Stack, supplied_school: SchoolPlayer, new_phone: Callable[..., str]
) -> None:
    phone, unreachable = new_phone(), new_phone("01")
    assert supplied_school.consent(phone, unreachable).status == 200
    token = supplied_school.sender.token

    code, said = operate(stack, "smoke", URL=stack.url, PHONE=phone, TOKEN=token)
    assert (code, said.splitlines()[-1]) == (0, "the stack does its main job")
    assert len(supplied_school.client.phone(phone)) == 1

    code, said = operate(stack, "smoke", URL=stack.url, PHONE=unreachable, TOKEN=token)
    assert (code, said.splitlines()[-1].partition(" it is ")[0]) == (1, "FAILED  in the end")
    assert "{'undeliverable': 1}" in said
    assert unreachable not in said
