"""The embedded cloud's queues serve the school with the fewest messages under way, and lose none."""

from typing import Any

from local.ministack.fair_queues import in_fair_order

NOW = 1000.0


def message(name: str, group: str, sent_at: float, *, in_flight: bool = False) -> dict[str, Any]:
    visible_at = NOW + 30 if in_flight else sent_at
    taken = int(in_flight)
    return {"id": name, "group_id": group, "sent_at": sent_at, "visible_at": visible_at, "receive_count": taken}


def test_the_school_with_fewer_under_way_is_next() -> None:
    queue = [message("a1", "a", 1.0, in_flight=True), message("a2", "a", 2.0), message("b1", "b", 3.0)]
    assert [each["id"] for each in in_fair_order(queue, NOW)] == ["b1", "a1", "a2"]


def test_of_one_school_the_oldest_is_next() -> None:
    queue = [message("a2", "a", 2.0), message("a1", "a", 1.0)]
    assert [each["id"] for each in in_fair_order(queue, NOW)] == ["a1", "a2"]


def test_what_is_sent_while_messages_are_put_in_order_stays_in_the_queue() -> None:
    queue: list[dict[str, Any]] = []

    class Sending(dict[str, Any]):
        """A message that lets another one arrive whenever it is compared."""

        def __getitem__(self, name: str) -> Any:
            if name == "sent_at":
                queue.append(message("late", "b", 9.0))
            return super().__getitem__(name)

    queue += [Sending(message("a1", "a", 1.0)), Sending(message("a2", "a", 2.0))]
    assert [each["id"] for each in in_fair_order(queue, NOW)] == ["a1", "a2"]
    assert [each["id"] for each in queue].count("late") == 2
