"""Consents over HTTP: put, withdrawn, listed, imported; by managers of their own school (R2, R44)."""

import base64

import pytest

from schoolsms.domain.schools.stock.ledger import credit
from tests.support.builders import MANAGER, NOW
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, failed, http, sqs

PHONE = "+33612345650"
FUNCTION, IMPORT = "school_api", "import_consents"
PROOF = {
    "wording": "J’accepte de recevoir par SMS les informations du lycée.",
    "version": "2026-09",
    "channel": "formulaire papier",
    "collected_by": "Secrétariat",
    "collected_at": "2026-11-19T23:00:00.000Z",
}
AT = "2026-11-23T09:00:00.000Z"
RECORDED = {"kind": "consent", "at": AT, "by": MANAGER, **PROOF}
CONSENT = {
    "phone": "+33612345650",
    "state": "granted",
    **PROOF,
    "withdrawn_at": None,
    "events": [RECORDED],
}


def test_a_consent_is_put_listed_and_withdrawn_with_its_proof_kept(cloud: Cloud, school: str) -> None:
    assert cloud.call(FUNCTION, event(FUNCTION, "put_consent")) == (201, CONSENT)
    assert cloud.call(FUNCTION, event(FUNCTION, "put_consent")) == (200, CONSENT)
    assert cloud.call(FUNCTION, event(FUNCTION, "consents")) == (200, {"items": [CONSENT], "next_cursor": None})

    for _ in range(2):
        assert cloud.invoke(FUNCTION, event(FUNCTION, "withdraw_consent"))["statusCode"] == 204

    (withdrawn,) = cloud.call(FUNCTION, event(FUNCTION, "consents"))[1]["items"]
    assert (withdrawn["state"], withdrawn["withdrawn_at"]) == ("withdrawn", AT)
    assert withdrawn["events"] == [RECORDED, {"kind": "withdrawal", "at": AT, "by": MANAGER}]
    assert withdrawn["wording"] == PROOF["wording"]


def test_all_proofs_are_one_file(cloud: Cloud, school: str) -> None:
    """§8."""
    cloud.call(FUNCTION, event(FUNCTION, "put_consent"))
    cloud.invoke(FUNCTION, event(FUNCTION, "withdraw_consent"))
    answer = cloud.invoke(FUNCTION, event(FUNCTION, "consents_csv"))
    assert answer["headers"]["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="consentements-sms.csv"' in answer["headers"]["content-disposition"]
    heading, given, withdrawn = base64.b64decode(answer["body"]).decode().splitlines()
    assert heading.startswith("\ufeffTéléphone;Formulation;Version;Canal;Recueilli par;Recueilli le;")
    assert given == (
        f"'{PHONE};{PROOF['wording']};2026-09;formulaire papier;Secrétariat;20/11/2026;"
        f"consentement;23/11/2026 10:00:00;{MANAGER};non"
    )
    assert withdrawn == f"'{PHONE};;;;;;retrait;23/11/2026 10:00:00;{MANAGER};non"


@pytest.mark.parametrize("written", ["+33612345650", "06 12 34 56 50", "06.12.34.56.50"])
def test_a_number_in_a_path_is_read_as_it_is_dialled(cloud: Cloud, school: str, written: str) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, "put_consent", path={"phone": written})) == (201, CONSENT)


def test_errors_are_explained_in_french(cloud: Cloud, school: str) -> None:
    status, problem = cloud.call(FUNCTION, http(FUNCTION, "put_consent", path={"phone": "0123456789"}))
    assert (status, problem["code"]) == (422, "not-a-mobile")
    status, problem = cloud.call(FUNCTION, http(FUNCTION, "put_consent", body={"wording": "", "collected_at": "hier"}))
    assert status == 422
    assert {each["field"] for each in problem["errors"]} == {
        *("wording", "version", "channel", "collected_by", "collected_at"),
    }
    status, problem = cloud.call(FUNCTION, event(FUNCTION, "withdraw_consent"))
    assert (status, problem["code"]) == (404, "not-found")
    assert cloud.call(FUNCTION, http(FUNCTION, "consents", query={"cursor": "x"}))[1]["code"] == "invalid-cursor"


def test_an_old_proof_does_not_undo_a_withdrawal(cloud: Cloud, school: str) -> None:
    cloud.call(FUNCTION, event(FUNCTION, "put_consent"))
    cloud.invoke(FUNCTION, event(FUNCTION, "withdraw_consent"))

    status, problem = cloud.call(FUNCTION, event(FUNCTION, "put_consent"))

    assert (status, problem["code"], problem["title"]) == (422, "consent-withdrawn", "Consentement retiré")


def test_a_list_is_imported_and_errors_of_rows_are_reported(cloud: Cloud, school: str) -> None:
    assert cloud.call(IMPORT, event(IMPORT, "list")) == (200, {"recorded": 2, "unchanged": 0, "errors": []})
    assert cloud.call(IMPORT, event(IMPORT, "list")) == (200, {"recorded": 0, "unchanged": 2, "errors": []})

    listed = event(IMPORT, "list")
    listed["body"] += "0123456789;J’accepte les SMS du lycée.;2026-09;papier;Secrétariat;20/11/2026\r\n"
    error = {
        "row": 4,
        "phone": "0123456789",
        "code": "not-a-mobile",
        "detail": "Ce numéro n’est pas celui d’un mobile\u00a0: vérifiez-le.",
    }
    assert cloud.call(IMPORT, listed) == (200, {"recorded": 0, "unchanged": 2, "errors": [error]})


def test_a_list_of_a_windows_spreadsheet_comes_through_the_gateway(cloud: Cloud, school: str) -> None:
    """API Gateway passes a body that is not text in base64."""
    listed = event(IMPORT, "list")
    content = listed["body"].encode("cp1252")
    listed |= {"body": base64.b64encode(content).decode(), "isBase64Encoded": True}

    assert cloud.call(IMPORT, listed)[1]["recorded"] == 2
    items = cloud.call(FUNCTION, event(FUNCTION, "consents"))[1]["items"]
    assert {each["wording"] for each in items} == {"J’accepte les SMS du lycée."}


def test_what_is_no_list_is_refused(cloud: Cloud, school: str) -> None:
    assert cloud.call(IMPORT, http(IMPORT, "list", body="rien"))[1]["code"] == "invalid-list"


def test_senders_keep_no_consents(cloud: Cloud, school: str) -> None:
    sender = {"roles": "[sms_sender]"}
    for case in ("put_consent", "consents", "withdraw_consent"):
        assert cloud.call(FUNCTION, http(FUNCTION, case, claims=sender))[0] == 403
    assert cloud.call(IMPORT, http(IMPORT, "list", claims=sender))[0] == 403


def test_nobody_is_written_to_who_has_not_consented(cloud: Cloud, school: str) -> None:
    cloud.everybody_consents(False)
    cloud.ledger.post(school, credit("BC1", 10, NOW))
    asked = http("accept_send_request", "one_recipient", body={"text": "Bonjour", "recipients": [{"phone": PHONE}]})
    estimate = http("estimate_cost", "with_recipients", body={"text": "Bonjour", "recipients": [{"phone": PHONE}]})

    status, problem = cloud.call("accept_send_request", asked)
    assert (status, [each["code"] for each in problem["refused"]]) == (422, ["no-consent"])
    assert cloud.call("estimate_cost", estimate)[1]["per_recipient"][0]["refused"] == "no-consent"

    cloud.call(FUNCTION, event(FUNCTION, "put_consent"))
    assert cloud.call("accept_send_request", asked)[0] == 202
    assert "refused" not in cloud.call("estimate_cost", estimate)[1]["per_recipient"][0]


def test_a_withdrawal_between_queue_and_handoff_stops_the_message(cloud: Cloud, school: str) -> None:
    cloud.everybody_consents(False)
    cloud.ledger.post(school, credit("BC1", 10, NOW))
    cloud.call(FUNCTION, event(FUNCTION, "put_consent"))
    asked = http("accept_send_request", "one_recipient", body={"text": "Bonjour", "recipients": [{"phone": PHONE}]})
    request_id = cloud.call("accept_send_request", asked)[1]["id"]
    cloud.invoke(FUNCTION, event(FUNCTION, "withdraw_consent"))

    page = {"request_id": request_id, "page": 0, "attempt": 0}
    assert failed(cloud.invoke("dispatch_messages", sqs("dispatch_messages", "page_due", page))) == []

    assert cloud.requests.states(request_id)[0].status == "cancelled"
    assert cloud.ledger.balance(school).sms == 10
