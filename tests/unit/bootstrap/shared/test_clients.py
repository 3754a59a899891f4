"""Clients do what botocore's own do, with less of it at a start."""

from botocore import handlers
from botocore.session import Session

from layers.dependencies.trim_botocore import OPERATIONS
from schoolsms.bootstrap.shared.clients import HANDLED, session


def service_of(event: str) -> str:
    """The second part of an event's name, "" for one of all services."""
    return event.partition(".")[2].partition(".")[0]


def test_botocore_s_handlers_of_the_services_that_we_call_are_kept() -> None:
    """The others are of services that nobody here calls, or write documentation."""
    called = {Session().get_service_model(service).service_id.hyphenize() for service in OPERATIONS}
    events = [event for event, *_ in handlers.BUILTIN_HANDLERS if not event.startswith("docs.")]
    assert {service_of(event) for event in events} & called <= set(HANDLED)
    assert len(events) > 80


def test_a_body_is_prepared_and_an_answer_read_in_botocore_s_order() -> None:
    """Some handlers ask to be first or last."""
    events = ("before-parameter-build.s3.PutObject", "before-parse.s3.GetObject", "after-call.sqs.SendMessage")
    for event in events:
        ours, theirs = (each.get_component("event_emitter") for each in (session(), Session()))
        assert names(ours, event) == names(theirs, event) != []


def names(emitter: object, event: str) -> list[str]:
    """Handlers that an emitter would call, in order."""
    hierarchy = vars(vars(emitter)["_emitter"])["_handlers"]
    return [handler.__qualname__ for handler in hierarchy.prefix_search(event)]
