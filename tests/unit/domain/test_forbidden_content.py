"""Shortened addresses and premium-rate numbers in what a phone will show (R25)."""

import sys

import pytest

from schoolsms.domain.forbidden_content import forbidden_content


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, le collège est fermé demain.",
        "Réunion le 31/12/2026 à 18h30 en salle 3204. Merci.",
        "Appelez le 04 72 00 32 12 ou le +33 6 12 34 56 78.",
        "Appelez le secrétariat au 0800 123 456, au 0 806 00 01 02 ou au 0972 34 56 78.",
        "En cas de harcèlement, appelez le 3018 ou le 30 20 ; violences : 3919 ou 39 19.",
        "Composez le 112, le 15 ou le 119.",
        "Sortie : 3250 € par classe, soit 32.50 € par élève; IBAN FR76 3000 6000 0112 3456 7890 189.",
        "Ils ont couru le 3200 m, puis sont revenus au 3500 route de Nice.",
        "Le budget passe au 3 250 euros votés le 3 février.",
        "Dossier n° 118 218 € payés ; 118 000 élèves.",
        "Voyez https://college.example.fr/avis?id=0899 et www.habit.ly ou bit.ly.example.com.",
        "Rendez-vous sur mon-ent.fr. Bit est une unité.Ly aussi.",
        "Le 08/09/2026 12:34:56 puis le 08.09.1234567890123.",
        "Envoyez le dossier au 69003 Lyon. Envoyez STOP au 36111.",
        "Appelez l'hôtel au +34 91 123 45 67.",
        "RDV le 08/09 à 14h salle 3014, ou appelez le 01 23 45 67 89.",
        "Le code du portail est le 3257, celui du wifi le 3412B.",
        "Dossier n° 3456, élève n° 3845, bus ligne 3412 ; service 3520 fermé.",
        "Cela fait 3500 signatures. Pièce jointe 3412, composition 3215.",
        "Rendez-vous au 3400, rue des Lilas, bâtiment du 3512e régiment. Tapis 3612 livrés.",
        "Tournoi à 3200 points – reprise le 32 15 ; votre numéro 3412 est tiré au sort…",
        "Concert de l’été 🎶 le 08/09 : entrée au 3250 bis, quai d’Orsay",
        "",
    ],
)
def test_what_a_school_writes_is_allowed(text: str) -> None:
    assert forbidden_content(text) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Infos : https://bit.ly/3xYz", "bit.ly"),
        ("Infos : BIT.LY/3xYz.", "bit.ly"),
        ("Infos sur www.tinyurl.com/abc", "tinyurl.com"),
        ("Voir college.short.io/abc", "short.io"),
        ("Voir t.co/abc", "t.co"),
        ("Voir encurtador.com.br/abc", "encurtador.com.br"),
        ("Voir bit。ly/abc", "bit.ly"),
        ("Voir (urlz.fr/abc)", "urlz.fr"),
        ("Voir ｂｉｔ．ｌｙ/abc", "bit.ly"),
        ("Voir ⓑⓘⓣ.ly/abc", "bit.ly"),
        ("Voir bit\u200b.ly/abc", "bit.ly"),
        ("Voir b\u00adit.ly/abc", "bit.ly"),
    ],
)
def test_shortened_addresses_are_named(text: str, named: str) -> None:
    said = forbidden_content(text)
    assert said
    assert f"lien raccourci ({named})" in said


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Appelez le 0899 12 34 56", "0899 12 34 56"),
        ("Appelez le 0892.123.456 vite", "0892.123.456"),
        ("0 890 123 456", "0 890 123 456"),
        ("tel 08-95-12-34-56", "08-95-12-34-56"),
        ("+33 8 99 12 34 56", "+33 8 99 12 34 56"),
        ("0033899123456", "0033899123456"),
        ("+33 (0)8 99 12 34 56", "+33 (0)8 99 12 34 56"),
        ("Le 12 0899123456", "0899123456"),
        ("Appelez le 3617 !", "3617"),
        ("Tapez 36 15 CODE", "36 15"),
        ("Faites le 32.37", "32.37"),
        ("Contactez-nous au 3699", "3699"),
        ("Composez directement le 118 218.", "118 218"),
        ("Renseignements au 118712", "118712"),
        ("Appelez le numéro 3617", "3617"),
        ("Tél. : 3617", "3617"),
        ("La forêt : 08–92–12–34–56", "08–92–12–34–56"),
        ("０８９９１２３４５６", "0899123456"),
        ("0899\u200b12\u200b34\u200b56", "0899123456"),
        ("Appelez le 3\u20606\u20601\u20607", "3617"),
        ("Envoyez GAGNE au 81212", "81212"),
        ("Envoyez OUI par SMS au 7 12 34", "7 12 34"),
        ("Appelez le +44 909 879 0000", "+44 909 879 0000"),
        ("Appelez le 00 44 9098790000", "00 44 9098790000"),
    ],
)
def test_premium_rate_numbers_are_named(text: str, named: str) -> None:
    said = forbidden_content(text)
    assert said
    assert f"numéro surtaxé ({named})" in said


def test_numbers_of_france_need_no_library() -> None:
    """Most texts with a number name the school's own: they must not pay for the library's start."""
    known = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "phonenumbers"}
    try:
        assert forbidden_content("Vie scolaire : 04 72 00 32 12, +33 4 72 00 32 12, 0899 12 34 5") is None
        assert forbidden_content("0899 12 34 56")
        assert "phonenumbers" not in sys.modules
    finally:
        sys.modules.update(known)
