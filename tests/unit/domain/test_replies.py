"""Which answers of recipients mean: no more messages (R24)."""

import pytest

from schoolsms.domain.replies import asks_to_stop


@pytest.mark.parametrize(
    "text",
    [
        *("STOP", "stop", " Stop. ", "STOP !", "stop!", "« stop »", "STOP\n", "\u200bSTOP", "Ｓｔｏｐ"),  # noqa: RUF001
        *("ARRET", "Arrêt", "ARRÊT.", "arre\u0302t", "s.t.o.p", "S T O P"),
        *("STOP SVP", "Stop s'il vous plaît", "stop, merci", "Bonjour, stop svp", "stp STOP"),
        *("STOP SMS", "STOPSMS", "stop aux sms", "Arrêt des SMS", "stop stop STOP", "Stop à tous vos messages"),
        *("Stop au 36123", "STOP 36111", "stop 38200 !"),
        *("STOP PUB", "stop all", "Stop, je ne veux plus rien recevoir", "stop n'écrivez plus"),
    ],
)
def test_a_recipient_who_answers_stop_means_it(text: str) -> None:
    assert asks_to_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "!", "merci", "svp", "36123", "au 36123", "sms", "👍"),
        *("stop ou encore", "non stop", "Non-stop demain", "nonstop", "stopper", "Ne stoppez pas", "arrêtez"),
        *("Le bus s'arrête", "À quel arrêt de bus ?", "Il est à l'arrêt", "Stop 75001", "Pas stop", "Ne pas stop"),
        "STOP" + " et encore" * 20,
    ],
)
def test_other_answers_mean_something_else(text: str) -> None:
    assert not asks_to_stop(text)
