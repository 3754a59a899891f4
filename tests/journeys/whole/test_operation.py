"""Questions of the operator to a running stack: does it add up, and what became of this (R18, R46, R48)."""

import re
from collections.abc import Callable

from local.players.client import eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from schoolsms.queue_messages import OrderCredited
from tests.support.journeys.observed import PersonalData
from tests.support.journeys.operating import operate, physical
from tests.support.journeys.provider_side import aws, is_empty


def said(output: str) -> list[tuple[str, str]]:
    """Source of each line of a trace, and what it says up to its ids."""
    lines = [re.fullmatch(r"(?:\S{23}Z|\S{10} {14})  (\S+) +([^:0-9]+).*", line) for line in output.splitlines()]
    assert all(lines), output
    return [(line[1], line[2].strip()) for line in lines if line]


def test_an_entry_that_is_altered_in_the_table_is_named_until_it_is_put_back(
    stack: Stack, ordered_school: SchoolPlayer
) -> None:
    uai, entry = ordered_school.uai, ordered_school.ledger()[0]

    def set_amount(sms: int) -> None:
        aws(stack, "dynamodb").update_item(
            TableName=physical(stack, "AccountsTable"),
            Key={"pk": {"S": f"LEDGER#{uai}"}, "sk": {"S": f"ENTRY#{entry['id']}"}},
            UpdateExpression="SET amount = :sms",
            ExpressionAttributeValues={":sms": {"N": str(sms)}},
        )

    set_amount(entry["amount"] + 1)
    code, named = operate(stack, "audit", SCHOOL=uai)
    assert (code, named.split()[:3]) == (1, [uai, "entry-altered", entry["id"]])
    set_amount(entry["amount"])
    assert operate(stack, "audit", SCHOOL=uai) == (0, f"{uai}: all adds up\n")


def test_the_life_of_a_message_and_of_its_order_is_told_without_a_number(
    stack: Stack, ordered_school: SchoolPlayer, personal: PersonalData, new_phone: Callable[..., str]
) -> None:
    school = ordered_school
    request = school.send("Réunion demain à 18 h", [new_phone(), new_phone()]).json["id"]
    eventually(lambda: set(school.statuses(request).values()) == {"delivered"})
    code, of_message = operate(stack, "trace", REQUEST=f"{request}-1")
    assert code == 0
    steps = said(of_message)
    assert [each for each in steps if each[0] in ("history", "ledger")] == [
        ("history", "request accepted"),
        ("ledger", "entry"),
        ("history", "message handed-over"),
        ("history", "message receipt"),
        ("history", "message final"),
        ("history", "message is delivered"),
        ("history", "window ends"),
    ]
    assert {"page dispatched", "receipt accepted", "receipt recorded"} <= {says for _, says in steps}
    assert f"{request}-0" not in of_message

    [order] = [entry["cause"]["id"] for entry in school.ledger() if entry["kind"] == "credit"]
    _, of_order = operate(stack, "trace", ORDER=order)
    assert {("orders", "order received"), ("ledger", "entry"), ("invoices", "invoice numbered")} <= set(said(of_order))
    assert {"order credited", "invoice issued"} <= {says for _, says in said(of_order)}
    # A paper has a day and no time: it is shown after what led to it, and before what followed.
    papers = [says for _, says in said(of_order) if says.startswith("invoice ")]
    assert papers == ["invoice numbered", "invoice mailed", "invoice issued"]
    assert personal.found_in(of_message + of_order) == []


def test_a_dead_letter_is_seen_put_back_and_worked_off_once(stack: Stack, ordered_school: SchoolPlayer) -> None:
    [order] = [entry["cause"]["id"] for entry in ordered_school.ledger() if entry["kind"] == "credit"]
    before, sqs = ordered_school.balance(), aws(stack, "sqs")
    dead = physical(stack, "CreditedOrdersDead")
    sqs.send_message(QueueUrl=dead, MessageBody=OrderCredited(order).to_json())
    assert lying_dead(stack) == "1"
    _, of_order = operate(stack, "trace", ORDER=order)
    [lies] = [line for line in of_order.splitlines() if "CreditedOrdersDead" in line]
    assert lies.endswith("once the cause is repaired: make redrive QUEUE=CreditedOrders")

    code, listed = operate(stack, "redrive", QUEUE="CreditedOrders", LIST="1")
    assert (code, f"order_id={order}" in listed) == (0, True)
    assert lying_dead(stack) == "1"
    code, put_back = operate(stack, "redrive", QUEUE="CreditedOrders")
    assert (code, put_back.splitlines()[1:]) == (0, ["CreditedOrders: 1 dead letters put back"])
    assert f"order_id={order}" in put_back
    eventually(lambda: is_empty(sqs, physical(stack, "CreditedOrders")))
    assert lying_dead(stack) == "0"
    assert operate(stack, "redrive", QUEUE="CreditedOrdersDead") == (0, "CreditedOrders: 0 dead letters put back\n")
    assert ordered_school.balance() == before
    invoices = ordered_school.manager.all("/v1/invoices")
    assert [each["order_id"] for each in invoices] == [order]


def test_a_queue_that_is_not_read_is_named_until_maintenance_off_reads_it_again(
    stack: Stack, supplied_school: SchoolPlayer, new_phone: Callable[..., str]
) -> None:
    school, phone = supplied_school, new_phone()
    put_off(stack, "Receipts")
    assert school.consent(phone).status == 200
    request = school.send("Réunion demain à 18 h", [phone]).json["id"]
    eventually(
        lambda: (
            school.statuses(request) == {phone: "sent"} and not is_empty(aws(stack, "sqs"), physical(stack, "Receipts"))
        )
    )
    _, shown = operate(stack, "status")
    assert "Receipts is not read, though maintenance is off: make maintenance STATE=OFF" in shown
    _, of_request = operate(stack, "trace", REQUEST=request)
    assert {("history", "messages still sent"), ("Receipts", "is not read; messages wait there")} <= set(
        said(of_request)
    )

    code, switched = operate(stack, "maintenance", STATE="OFF")
    assert (code, switched.splitlines()[-1]) == (0, "read again: Receipts")
    eventually(lambda: school.statuses(request) == {phone: "delivered"})
    _, of_request = operate(stack, "trace", REQUEST=request)
    assert ("history", "messages delivered") in said(of_request)
    assert "Receipts" not in {source for source, _ in said(of_request)}
    _, shown = operate(stack, "status")
    assert "to do" not in shown


def put_off(stack: Stack, queue: str) -> None:
    """Stop what reads the queue, behind the switch's back."""
    asked = {"QueueUrl": physical(stack, queue), "AttributeNames": ["QueueArn"]}
    arn = aws(stack, "sqs").get_queue_attributes(**asked)["Attributes"]["QueueArn"]
    [reading] = aws(stack, "lambda").list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"]
    aws(stack, "lambda").update_event_source_mapping(UUID=reading["UUID"], Enabled=False)


def lying_dead(stack: Stack) -> str:
    """How many dead letters of `CreditedOrders` the status shows, beside what else it must."""
    code, shown = operate(stack, "status")
    assert code == 0
    figures = {line[:28].strip(): line[29:] for line in shown.splitlines()}
    assert re.fullmatch(r"unknown: none of the \d+ has been evaluated", figures["alarms that ring"])
    assert re.fullmatch(r"\d+ \(\d+ near, \d+ past their deadline\)", figures["orders in review"])
    assert figures["queue CreditedOrders"].endswith(" read=yes")
    return figures["queue CreditedOrders"].rpartition("dead=")[2].partition(" ")[0]
