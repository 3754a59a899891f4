"""The stock left at the end of a subscription is visibly forfeited; an extension in time keeps it (R17)."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from local.players.client import eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from tests.support.journeys.letters import plain
from tests.support.journeys.provider_side import aws

NewPhone = Callable[..., str]
ENDING, LOST = "Fin d'abonnement proche : SMS à utiliser", "Fin d'abonnement : SMS perdus"


def days_from_now(days: int) -> date:
    return datetime.now(UTC).date() + timedelta(days=days)


def an_hour_passes(stack: Stack) -> None:
    """The schedule, without waiting for it."""
    functions = aws(stack, "lambda")
    pages = functions.get_paginator("list_functions").paginate()
    names = [each["FunctionName"] for page in pages for each in page["Functions"]]
    [name] = [name for name in names if "ForfeitBalances" in name]
    answer = functions.invoke(FunctionName=name, Payload=json.dumps({}))
    assert "FunctionError" not in answer, answer["Payload"].read()


def test_what_is_left_is_forfeited_once_and_a_new_subscription_starts_at_zero(
    ordered_school: SchoolPlayer, stack: Stack, new_phone: NewPhone
) -> None:
    school = ordered_school
    school.register(subscription_end=days_from_now(-2).isoformat(), confirm_past_end=True)
    refused = school.send("Réunion ce soir.", [new_phone()])
    assert (refused.status, refused.json["code"]) == (403, "subscription-ended")
    assert school.balance() == 500

    for _ in range(2):
        an_hour_passes(stack)

    assert school.balance() == 0
    [lost, _] = school.ledger()
    assert (lost["kind"], lost["amount"], lost["balance_after"]) == ("forfeiture", -500, 0)
    [mail] = eventually(lambda: school.mails(LOST))
    assert "SMS perdus : 500 SMS" in plain(mail["text"])

    school.register(subscription_end="2099-08-31")
    school.credit(P500=1)
    an_hour_passes(stack)
    assert school.balance() == 500
    assert school.send("Réunion demain soir.", [new_phone()]).status == 202
    assert len(school.mails(LOST)) == 1


def test_a_subscription_extended_in_time_is_warned_of_and_forfeits_nothing(
    ordered_school: SchoolPlayer, stack: Stack
) -> None:
    school = ordered_school
    school.register(subscription_end=days_from_now(5).isoformat())
    for _ in range(2):
        an_hour_passes(stack)
    [mail] = eventually(lambda: school.mails(ENDING))
    assert "SMS restants : 500 SMS" in plain(mail["text"])

    school.register(subscription_end="2099-08-31")
    an_hour_passes(stack)
    assert (school.balance(), [each["kind"] for each in school.ledger()]) == (500, ["credit"])
    assert len(school.mails(ENDING)) == 1
