"""Whom the school's mails go to, over HTTP, and the page of the link (R10)."""

import pytest

from schoolsms.domain.schools.notified import LINK_LASTS
from tests.support.builders import MANAGER, SECOND_MANAGER, UAI
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "notified_api"


def item(email: str, expires_at: str | None = None) -> dict[str, object]:
    return {
        "email": email,
        "state": "pending" if expires_at else "confirmed",
        "expires_at": expires_at,
        "receives": True,
    }


@pytest.mark.usefixtures("school")
def test_an_added_address_is_confirmed_by_the_button_of_its_page(cloud: Cloud) -> None:
    status, body = cloud.call(FUNCTION, event(FUNCTION, "notified"))
    assert (status, body) == (
        200,
        {"items": [item(MANAGER), item(SECOND_MANAGER)], "by_default": True, "you_are_notified": True},
    )

    status, body = cloud.call(FUNCTION, event(FUNCTION, "put_notified"))
    pending = item("chef@lycee.test", "2026-11-30T09:00:00.000Z")
    assert (status, body["items"], body["by_default"]) == (200, [item(MANAGER), pending], False)
    (due,) = cloud.queued("Notices")
    assert due["kind"] == "notified_to_confirm"
    assert "chef" not in str(due)

    stored = cloud.schools.get(UAI)
    assert stored is not None
    token = f"{UAI}-{stored.notified[1].token}"
    page = cloud.invoke(FUNCTION, http(FUNCTION, "ask_to_confirm", path={"token": token}))
    assert (page["statusCode"], '<form method="post">' in page["body"]) == (200, True)
    assert cloud.call(FUNCTION, event(FUNCTION, "notified"))[1]["items"] == [item(MANAGER), pending]
    for _ in range(2):
        page = cloud.invoke(FUNCTION, http(FUNCTION, "confirm_notified", path={"token": token}))
        assert (page["statusCode"], page["headers"]["content-type"]) == (200, "text/html; charset=utf-8")
        assert "Adresse confirmée" in page["body"]
    shown = cloud.call(FUNCTION, event(FUNCTION, "notified"))[1]["items"]
    assert shown == [item(MANAGER), item("chef@lycee.test")]


@pytest.mark.usefixtures("school")
def test_a_link_that_ended_or_never_was_shows_a_page_that_says_what_to_do(cloud: Cloud) -> None:
    cloud.call(FUNCTION, event(FUNCTION, "put_notified"))
    stored = cloud.schools.get(UAI)
    assert stored is not None
    cloud.clock.advance(LINK_LASTS)
    for token in ("0750655E-TOKEN", f"{UAI}-{stored.notified[1].token}"):
        for case in ("ask_to_confirm", "confirm_notified"):
            page = cloud.invoke(FUNCTION, http(FUNCTION, case, path={"token": token}))
            assert page["statusCode"] == 410
            assert "Ce lien n’est plus valable" in page["body"].replace("&#x27;", "'")


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize("addresses", [[], ["chef@lycee.test"], ["pas une adresse"], "chef@lycee.test"])
def test_a_list_that_reaches_nobody_is_refused(cloud: Cloud, addresses: object) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, "put_notified", body={"addresses": addresses}))[0] == 422
    assert cloud.call(FUNCTION, event(FUNCTION, "notified"))[1]["by_default"] is True


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize("case", ["notified", "put_notified"])
def test_a_sender_neither_reads_nor_changes_the_list(cloud: Cloud, case: str) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, case, claims={"roles": "[sms_sender]"}))[0] == 403


@pytest.mark.usefixtures("school")
def test_beyond_so_many_links_a_day_the_answer_says_that_none_was_mailed(cloud: Cloud) -> None:
    alone = http(FUNCTION, "put_notified", body={"addresses": [MANAGER]})
    for _ in range(5):
        status, body = cloud.call(FUNCTION, event(FUNCTION, "put_notified"))
        assert (status, body["not_mailed"]) == (200, [])
        cloud.call(FUNCTION, alone)
    status, body = cloud.call(FUNCTION, event(FUNCTION, "put_notified"))
    assert (status, [each["email"] for each in body["not_mailed"]]) == (200, ["chef@lycee.test"])
    assert "Enregistrez de nouveau la liste demain." in body["not_mailed"][0]["detail"]
    assert len(cloud.queued("Notices")) == 5
