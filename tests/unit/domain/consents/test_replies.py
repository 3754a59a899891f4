"""Which answers of recipients mean: no more messages (R24)."""

import pytest

from schoolsms.domain.consents.replies import asks_to_stop


@pytest.mark.parametrize(
    "text",
    [
        *("STOP", "stop", " Stop. ", "STOP !", "stop!", "« stop »", "STOP\n", "\u200bSTOP", "Ｓｔｏｐ"),
        *("ARRET", "Arrêt", "ARRÊT.", "arre\u0302t", "s.t.o.p", "S T O P"),
        *("STOP SVP", "Stop s'il vous plaît", "stop, merci", "Bonjour, stop svp", "stp STOP"),
        *("STOP SMS", "STOPSMS", "stop aux sms", "Arrêt des SMS", "stop stop STOP", "Stop à tous vos messages"),
        *("Stop au 36123", "STOP 36111", "stop 38200 !"),
        *("STOP PUB", "stop all", "Stop, je ne veux plus rien recevoir", "stop n'écrivez plus"),
        *("Re: STOP", "36111 STOP", "Stoppez vos SMS", "Merci, stop", "Madame, stop s'il vous plaît"),
        *("ST OP", "Arr et", "S-TOP"),
        *("Merci d'arrêter vos messages", "Merci de me désinscrire", "Bonjour, désabonnement svp"),
    ],
)
def test_a_recipient_who_answers_stop_means_it(text: str) -> None:
    assert asks_to_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "STOP merci de ne plus m'envoyer de SMS",
        "stop !!! merci bien",
        "STOP SMS Collège",
        "STOP" + " et encore" * 200,
        "Stop, mon fils a quitté votre lycée en juin",
        "stop ou encore",
        "Stop 75001",
        "STOP\nEnvoyé de mon iPhone",
        "“STOP” c'est tout",
        "\ufeff  …  stop svp, vous vous trompez de numéro",
        "🛑 STOP 🛑 maintenant",
        ">> STOP je ne suis pas la maman de Léa",
        "\u202dS\u00adTO\u200dP\ufe0f par pitié",
        "Stop.Désabonnement",
        "S.T.O.P. vos messages chaque matin",
        "S T O P la cantine",
        "STO\u0336P cela suffit",
        "ARRET immédiat",
        "arrêt svp, ce n'est plus mon numéro",
        "Arrêt de travail jusqu'à lundi",
        "arrêtez de m'écrire",
        "Arrête",
        "ARRÊTER LES SMS DU COLLÈGE",
    ],
)
def test_an_answer_that_begins_with_a_stop_word_stops_whatever_follows(text: str) -> None:
    assert asks_to_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        *("STOPALL", "stopall", "STOP-SMS", "STOPPUB", "Stop36111", "stopsvp", "STOP_TOUT", "STOP/ALL"),
        *("STOOOOP", "stopp", "ST0P", "Stops", "Arret", "arrett", "ARET", "arrets"),
        *("désinscription", "Désinscrire", "DESINSCRIVEZ-MOI de cette liste", "Désabonnement", "désabonner moi"),
        *("unsubscribe", "UNSUBSCRIBE please", "OptOut", "Opt out", "opt-out please", "STOPSTOP", "stopstopstop svp"),
        *("Je me désabonne", "Je me désinscris, merci", "Veuillez me désinscrire", "Je souhaite me désabonner"),
        *("Veuillez arrêter vos messages svp", "Ok stop", "désabonnez-moi svp", "Bonjour, désabonnez-moi"),
        *("𝐒𝐓𝐎𝐏", "ⓈⓉⓄⓅ", "ＡＲＲÊＴ merci", "СТОП", "στοπ"),
    ],
)
def test_stop_words_are_known_in_the_forms_people_type(text: str) -> None:
    assert asks_to_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "!", "merci", "svp", "36123", "au 36123", "sms", "👍"),
        *("non stop", "Non-stop demain", "nonstop", "stopper la machine", "Ne stoppez pas", "n'arrêtez pas"),
        *("Stoppez-moi si je me trompe", "Stopover à Lyon", "stoppeur", "stopcovid"),
        *(
            "Le bus s'arrête",
            "Il s'arrête",
            "Je ne m'arrête plus",
            "À l'arrêt",
            "L'arrêt de bus est loin",
            "À quel arrêt de bus ?",
            "Il est à l'arrêt",
        ),
        *("Je désinscris Zoé de la cantine", "Je souhaite arrêter le latin", "Veuillez m'appeler"),
        *("Je ne me désabonne pas", "stopstopover", "Ok pour l'arrêt de bus"),
        *("Pas stop", "Ne pas stop", "On ne dit pas stop", "S'arrête-t-il ici ?"),
        *(
            "Arrêté préfectoral, l'école est-elle fermée ?",
            "arre\u0302te\u0301 de quel jour ?",
            "Arrétés",
            "Arrestation",
        ),
        *("Oui", "Je suis au volant, je vous rappelle", "Qui êtes-vous ?", "Arthur est malade", "desinfection"),
        "Merci beaucoup pour ce message, mais " + "vraiment " * 10 + "stop",
    ],
)
def test_other_answers_mean_something_else(text: str) -> None:
    assert not asks_to_stop(text)
