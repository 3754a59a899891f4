"""Replies are stored, listed, erased and purged in the history table (R2, R24, R38, R45)."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.purges import DynamoPurges
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.messages.replies import PAGE, DynamoIncomingReplies, DynamoReplies
from schoolsms.adapters.dynamodb.history.removals.purgeable import REPLIES_A_SLICE, DynamoPurgeableHistory
from schoolsms.adapters.dynamodb.history.requests.erasure_mark import mark_erasure
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.domain.consents.replies import HeldReply, KeptReply, Reply
from schoolsms.domain.errors import RefusedError, TransientError
from schoolsms.domain.history.purges import Certificate, Counts
from tests.integration.conftest import ACCOUNTS, HISTORY, phones_key
from tests.support.builders import NOW, OTHER_UAI, UAI
from tests.support.examples import everything

YEAR, LATER = "2026-27", NOW + timedelta(days=300)
PHONE, OTHER = "+33612345650", "+33612345651"


@pytest.fixture
def incoming(dynamodb: DynamoDBClient) -> DynamoIncomingReplies:
    return DynamoIncomingReplies(Table(dynamodb, HISTORY), phones_key)


@pytest.fixture
def replies(dynamodb: DynamoDBClient) -> DynamoReplies:
    return DynamoReplies(Table(dynamodb, HISTORY))


@pytest.fixture
def history(dynamodb: DynamoDBClient) -> DynamoPurgeableHistory:
    return DynamoPurgeableHistory(Table(dynamodb, HISTORY), Table(dynamodb, ACCOUNTS))


def a_reply(number: int = 0, phone: str = PHONE) -> KeptReply:
    return KeptReply(f"REPLY{number:015d}".translate(str.maketrans("0189", "ABCD")), phone, f"Merci {number}", NOW)


def kept(replies: DynamoReplies, count: int = 1, uai: str = UAI, phone: str = PHONE) -> Sequence[KeptReply]:
    made = [a_reply(number, phone) for number in range(count)]
    for each in made:
        assert replies.keep(uai, YEAR, each, LATER, "")
    return made


def hold(incoming: DynamoIncomingReplies, reply: Reply, minutes: float = 0) -> str:
    at = NOW + timedelta(minutes=minutes)
    return incoming.hold(reply, PHONE, at, at + timedelta(days=4))


# ------------------------------------------------------------------ on their way


def test_an_answer_is_held_until_it_is_forgotten(incoming: DynamoIncomingReplies) -> None:
    reply_id = hold(incoming, Reply("ovh", "0033612345650", "Merci", "7"))
    assert incoming.held(reply_id) == HeldReply(reply_id, "ovh", PHONE, "Merci", NOW)
    for _ in range(2):
        incoming.forget(reply_id)
        assert incoming.held(reply_id) is None
    assert incoming.held("NONE") is None


def test_one_that_was_forgotten_is_not_held_again(incoming: DynamoIncomingReplies) -> None:
    reply = Reply("ovh", PHONE, "Merci", "7")
    reply_id = hold(incoming, reply)
    incoming.forget(reply_id)
    assert hold(incoming, reply, minutes=5) == reply_id
    assert incoming.held(reply_id) is None


def test_forgetting_what_ttl_took_writes_nothing(incoming: DynamoIncomingReplies, dynamodb: DynamoDBClient) -> None:
    incoming.forget("NONE")
    assert list(everything(dynamodb, HISTORY)) == []


def test_without_an_id_of_its_provider_the_same_within_a_day_is_the_same(incoming: DynamoIncomingReplies) -> None:
    reply = Reply("ovh", PHONE, "Oui")
    assert hold(incoming, reply) == hold(incoming, reply, minutes=60)
    assert hold(incoming, reply) != hold(incoming, reply, minutes=24 * 60)


@pytest.mark.parametrize("provider_reply_id", ["", "7"])
def test_a_stop_is_always_another(incoming: DynamoIncomingReplies, provider_reply_id: str) -> None:
    """Its provider may give the id of the message that it answers."""
    reply = Reply("ovh", PHONE, "STOP", provider_reply_id)
    assert hold(incoming, reply) != hold(incoming, reply, minutes=1)


def test_all_answers_of_a_number_are_forgotten_together(incoming: DynamoIncomingReplies) -> None:
    """R45: those that wait among the dead letters are found by the number."""
    theirs = [hold(incoming, Reply("ovh", PHONE, text, text)) for text in ("Merci", "STOP", "Bonjour")]
    at = NOW + timedelta(days=4)
    other = incoming.hold(Reply("ovh", OTHER, "Merci", "8"), OTHER, NOW, at)
    assert incoming.forget_of(PHONE) == 3
    assert [incoming.held(each) for each in theirs] == [None] * 3
    assert incoming.held(other) == HeldReply(other, "ovh", OTHER, "Merci", NOW)
    assert incoming.forget_of(PHONE) == 0
    assert hold(incoming, Reply("ovh", PHONE, "Merci", "Merci")) == theirs[0]
    assert incoming.held(theirs[0]) is None


def test_an_id_tells_neither_number_nor_text(dynamodb: DynamoDBClient) -> None:
    """Its key is a secret: another one gives another id."""
    one = hold(DynamoIncomingReplies(Table(dynamodb, HISTORY), lambda: "one key"), Reply("ovh", PHONE, "Oui"))
    other = hold(DynamoIncomingReplies(Table(dynamodb, HISTORY), lambda: "other key"), Reply("ovh", PHONE, "Oui"))
    assert one != other
    assert len(one) == len(other) == 20


# ------------------------------------------------------------------ for the managers of a school


def test_answers_are_listed_newest_first_page_by_page(replies: DynamoReplies) -> None:
    made = kept(replies, PAGE + 2)
    first = replies.of_school_year(UAI, YEAR, None)
    second = replies.of_school_year(UAI, YEAR, first.cursor)
    assert [*first.items, *second.items] == sorted(made, key=lambda each: each.id, reverse=True)
    assert (len(first.items), second.cursor) == (PAGE, None)


def test_an_answer_kept_twice_is_kept_once(replies: DynamoReplies) -> None:
    assert kept(replies) == kept(replies) == replies.of_school_year(UAI, YEAR, None).items


def test_another_school_and_another_year_have_their_own(replies: DynamoReplies) -> None:
    kept(replies)
    assert replies.of_school_year(OTHER_UAI, YEAR, None).items == []
    assert replies.of_school_year(UAI, "2027-28", None).items == []


@pytest.mark.parametrize("cursor", ["x", "~", "2026-11-23T09:00:00.000000#short", "REPLIES#0750655E#2026-27"])
def test_a_cursor_of_another_list_is_refused(replies: DynamoReplies, cursor: str) -> None:
    with pytest.raises(RefusedError):
        replies.of_school_year(UAI, YEAR, cursor)


def test_nothing_is_kept_once_a_number_was_erased(
    replies: DynamoReplies, requests: DynamoSendRequests, dynamodb: DynamoDBClient
) -> None:
    """R45: whoever looked before it looks again."""
    mark_erasure(Table(dynamodb, HISTORY), UAI, NOW)
    assert not replies.keep(UAI, YEAR, a_reply(), LATER, "")
    assert replies.of_school_year(UAI, YEAR, None).items == []
    assert replies.keep(UAI, YEAR, a_reply(), LATER, requests.erasure_mark(UAI))


def test_those_of_one_number_are_found_and_erased(replies: DynamoReplies) -> None:
    mine, others = kept(replies, 30), kept(replies, 3, OTHER_UAI)
    theirs = a_reply(77, OTHER)
    replies.keep(UAI, YEAR, theirs, LATER, "")

    assert replies.of_phone(UAI, YEAR, PHONE) == sorted(mine, key=lambda each: each.id)
    assert replies.erase(UAI, YEAR, PHONE) == 30
    assert replies.erase(UAI, YEAR, PHONE) == 0
    assert replies.of_school_year(UAI, YEAR, None).items == [theirs]
    assert len(replies.of_phone(OTHER_UAI, YEAR, PHONE)) == len(others)


# ------------------------------------------------------------------ the purge


def test_all_go_and_each_is_counted_once(
    replies: DynamoReplies, history: DynamoPurgeableHistory, purges: DynamoPurges
) -> None:
    kept(replies, REPLIES_A_SLICE + 1)
    kept(replies, 1, OTHER_UAI)
    assert history.anything_left(UAI, YEAR)

    assert [history.remove_replies(UAI, YEAR) for _ in range(3)] == [REPLIES_A_SLICE, 1, 0]
    assert purges.get(UAI, YEAR).counted == Counts(replies=REPLIES_A_SLICE + 1)
    assert not history.anything_left(UAI, YEAR)
    assert history.anything_left(OTHER_UAI, YEAR)


def test_two_runs_at_once_count_each_once(
    replies: DynamoReplies, dynamodb: DynamoDBClient, purges: DynamoPurges
) -> None:
    """The second looked before the first took them away: it counts none, and looks again."""
    kept(replies, 3)
    first, second = (DynamoPurgeableHistory(Table(dynamodb, HISTORY), Table(dynamodb, ACCOUNTS)) for _ in range(2))
    seen = second._replies(UAI, YEAR, 90)
    first.remove_replies(UAI, YEAR)
    second._replies = lambda *_: seen  # type: ignore[method-assign]
    with pytest.raises(TransientError):
        second.remove_replies(UAI, YEAR)
    assert purges.get(UAI, YEAR).counted == Counts(replies=3)


def test_replies_found_after_the_certificate_are_purged_uncounted(
    replies: DynamoReplies, history: DynamoPurgeableHistory, purges: DynamoPurges
) -> None:
    purges.started(UAI, YEAR, NOW)
    day = NOW.date()
    purges.certify(Certificate(UAI, YEAR, day, day, NOW, NOW, Counts()))
    kept(replies, 2)
    assert [history.remove_replies(UAI, YEAR) for _ in range(2)] == [2, 0]
    assert purges.get(UAI, YEAR).counted == Counts()


def test_the_table_forgets_by_itself(replies: DynamoReplies, dynamodb: DynamoDBClient) -> None:
    kept(replies)
    [item] = everything(dynamodb, HISTORY)
    assert item["purge_at"] == int(LATER.timestamp())
