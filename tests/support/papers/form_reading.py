"""Order forms read in this process, because a process of its own for each costs most of a test's time."""

import json
import logging
import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any

from schoolsms.adapters.order_forms.sandbox import parent, worker


def ask_in_process(verb: parent.Verb, documents: Sequence[bytes]) -> dict[str, Any] | None:
    """This answers as `parent.ask` does, by the worker's own code, and reads the same documents once only.

    The limits of the worker's process do not hold here, so documents that only harm a process need the real one.
    """
    if any(len(document) > parent.MAX_BYTES for document in documents):
        return None
    answer: dict[str, Any] = json.loads(_answer(verb, tuple(documents)))
    if "failure" in answer:
        logging.getLogger(parent.__name__).warning("document not readable", extra={"verb": verb, **answer})
        return None
    return answer


@cache
def _answer(verb: str, documents: tuple[bytes, ...]) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the worker's process has no filter that makes errors of them
        return worker.answer_in_json(verb, list(documents))
