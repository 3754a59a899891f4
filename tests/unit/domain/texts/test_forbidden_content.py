"""Shortened addresses and premium-rate numbers in what a phone will show (R25)."""

import re
import sys

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from schoolsms.domain.texts.forbidden_content import forbidden_content
from schoolsms.domain.texts.shorteners import OF_ONE_PLACE, SHORTENERS

NAMED = ("kutt.it", "qrco.de", "dub.sh", "cutt.us", "link.infini.fr", "t2m.io", "x.gd", "frama.link", "tinyurl.com")


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
        # Dates, times and their lists, which begin as a number does.
        "Réunion le 08/12/2026 14h30, puis le 08.12.2026 18 h et le 08-12-26 12 élèves",
        "Conseils les 08/12 15/12 22/12 et 08/12/26-15/12/26",
        "Cars à 08:15, 08:20, 08:25 et 08:30:00 ; 2026-08-12 14 30 15",
        "Le 08 12 2026 14h30 en salle 12",
        "Horaires : 08h15-09h20, 08 h 12 - 13 h 20",
        "Chambres 08, 12, 14, 20, 22 ; notes 08,5 12,25 14,75",
        "Oraux : 08 15 - 08 30 - 08 45 - 09 00, puis 08 15-08 30 / 08 30-08 45",
        "Cars : 08 12 08 27 08 42, retour 16.05, 16.20, 16.35 ; 08.15-08.30-08.45 ; 08 15 -> 08 30 > 08 45",
        "Cours de 08 10 - 09 05 (55 min), 08.10-09.05, 2 élèves ; 08 05 / 08 10 / 08 15 / 12 places",
        "Oraux\n08 12\n08 27\n08 42\nCars\n16 07 16 22 16 37\n08 12 08 27 08 42\n07 12 07 27 07 42",
        "Navettes 08 12 - 08 27 - 08 42 - 08 57 (50 places)",
        "Cours 0810-0905 (55 min), 0810 - 0905 12 élèves ; 08.15  08.30  08.45 ; 08 05. 08 10. 08 15.",
        "Bus 08 08:15 12 14 16 20",
        "Rendez-vous au 3210 av. Foch, puis au 3250 r. des Lilas",
        "INE 0812345678A, 0812345678k ou 081234567AB ; UAI 0812345X ; 08120 Rethel",
        "IBAN FR76 3000 6000 0812 3456 7890 189, SIRET 081 234 567 00012",
        # Numbers that cost no more than a call.
        "Appelez le 0800 00 12 34, 0805-123-456, 08 06 12 34 56, +33 8 09 12 34 56 ou 0877 12 34 56",
        "Appelez le 09 72 34 56 78, le 01·23·45·67·89 ou le 06_12_34_56_78",
        "Vie scolaire : 04 72 00 32 12 / 06 12 34 56 78",
        # Addresses that show where they lead, and ends of sentences.
        "Film : youtu.be/abc ; formulaire https://forms.gle/abc ; visio https://aka.ms/abc",
        "Photos : https://photos.app.goo.gl/abc ; rendez-vous : https://maps.app.goo.gl/abc",
        "C'est fini . Le car part. Parents/élèves : merci.To go",
        "Voir www.monlycee.net, mon-ent.fr/ly, habit.ly et bit.ly.fr",
        "Déjà vu. Fr. Dupont viendra. On y va . Co-animateurs : 2",
        "Notes : 12. 8. 9. 9. 1. 2. 3. 4",
        "Fête 🎉 le 08/12 à 14h ❤️ !",
        "٠٦١٢٣٤٥٦٧٨ est un numéro ordinaire",
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
        *((f"Voir https://{host}/abc", host) for host in NAMED),
        ("Voir a.b.kutt.it/abc", "kutt.it"),
        ("Voir maps.goo.gl/abc", "goo.gl"),
        ("Voir https://app.goo.gl/abc", "goo.gl"),
        ("Voir bit . ly/abc", "bit.ly"),
        ("Voir bit .ly/abc", "bit.ly"),
        ("Voir bit. ly/abc", "bit.ly"),
        ("Voir bit. ly / abc", "bit.ly"),
        ("Voir bit[.]ly/abc", "bit.ly"),
        ("Voir bit (.) ly", "bit.ly"),
        ("Voir bit{.}ly", "bit.ly"),
        ("Voir hxxps://cutt[.]us/abc", "cutt.us"),
        ("Voir bit．ly/abc", "bit.ly"),
        ("Voir bit\u2024ly/abc", "bit.ly"),
        ("Voir bit｡ly/abc", "bit.ly"),
        ("Voir 𝐛𝐢𝐭.𝐥𝐲/abc", "bit.ly"),
        ("Voir ｂｉｔ［．］ｌｙ", "bit.ly"),
        ("Voir b\u200dit\u2060.ly\ufe0f/abc", "bit.ly"),
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
        ("Appelez le 0810 12 34 56", "0810 12 34 56"),
        ("Appelez le 0820123456", "0820123456"),
        ("08.21.12.34.56 : infos", "08.21.12.34.56"),
        ("0826 123 456", "0826 123 456"),
        ("+33 825 12 34 56", "+33 825 12 34 56"),
        ("0033 (0)8 36 65 65 65", "0033 (0)8 36 65 65 65"),
        ("08·99·12·34·56", "08·99·12·34·56"),
        ("08_99_12_34_56", "08_99_12_34_56"),
        ("08•99•12•34•56", "08•99•12•34•56"),
        ("08*99*12*34*56", "08*99*12*34*56"),
        ("08 - 99 - 12 - 34 - 56", "08 - 99 - 12 - 34 - 56"),
        ("08,99,12,34,56", "08,99,12,34,56"),
        ("08:99:12:34:56", "08:99:12:34:56"),
        ("08|99|12|34|56", "08|99|12|34|56"),
        ("08/99/12/34/56", "08/99/12/34/56"),
        ("08.12.34.56.78", "08.12.34.56.78"),
        ("08.12.26.14.30", "08.12.26.14.30"),
        # Pairs of figures that are no time table: not in order, of one separator, or five.
        ("08 15 12 30 45", "08 15 12 30 45"),
        ("08 25 - 12 34 - 56", "08 25 - 12 34 - 56"),
        ("08 25 08 20 08 15", "08 25 08 20 08"),
        ("RDV 07 50, 08 20 12 34 56", "08 20 12 34 56"),
        ("08…99…12…34…56", "08…99…12…34…56"),
        ("08=99#12+34>56", "08=99#12+34>56"),
        ("08    99    12    34    56", "08    99    12    34    56"),
        ("Joignable au 0899 12 34 56 h24", "0899 12 34 56"),
        ("(08) 99 [12] 34 56", "08) 99 [12] 34 56"),
        ("0 8 9 9 1 2 3 4 5 6", "0 8 9 9 1 2 3 4 5 6"),
        ("0~8~9~9~1~2~3~4~5~6", "0~8~9~9~1~2~3~4~5~6"),
        ("٠٨٩٩١٢٣٤٥٦", "0899123456"),
        ("०८९९ १२३४५६", "0899 123456"),
        ("𝟬𝟴𝟵𝟵𝟭𝟮𝟯𝟰𝟱𝟲", "0899123456"),
        ("⓪⑧⑨⑨①②③④⑤⑥", "0899123456"),
        ("0️⃣8️⃣9️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣", "0899123456"),
        ("08\u200b99\ufe0e12\u00ad34\u206056", "0899123456"),
        ("08\u200999\u202f12\u300034 56", "08\u200999\u202f12\u300034 56"),
        ("le 08/12/2026 : 0899 12 34 56", "0899 12 34 56"),
        ("Appelez le 36·17", "36·17"),
        ("Faites le 32_37", "32_37"),
        ("Composez le 118_218", "118_218"),
        ("Envoyez OUI au 8_12_12", "8_12_12"),
        ("Envoyez GAGNE au 81212", "81212"),
        ("Envoie STOP au 81212", "81212"),
        ("Répondez OUI au 81212", "81212"),
        ("Envoyez OUI par SMS au 7 12 34", "7 12 34"),
        ("Appelez le +44 909 879 0000", "+44 909 879 0000"),
        ("Appelez le 00 44 9098790000", "00 44 9098790000"),
        ("Appelez le +44·909·879·0000", "+44·909·879·0000"),
        ("Appelez le 00_44_909_879_0000", "00_44_909_879_0000"),
    ],
)
def test_premium_rate_numbers_are_named(text: str, named: str) -> None:
    said = forbidden_content(text)
    assert said
    assert f"numéro surtaxé ({named})" in said


def test_the_surtaxed_ranges_are_those_the_library_knows() -> None:
    """Each 08xx: refused if it costs more than a call, allowed if it is known not to."""
    for block in range(100):
        written = f"08{block:02}123456"
        kind = phonenumbers.number_type(phonenumbers.parse(written, "FR"))
        if kind in (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST):
            assert forbidden_content(written), written
        elif kind != PhoneNumberType.UNKNOWN:
            assert forbidden_content(written) is None, written


@given(
    st.sampled_from(["0899123456", "0812345678", "0825123456", "+33899123456"]),
    st.lists(st.sampled_from(["", " ", "·", "_", " - ", "\u200b", "\u2009", "\ufe0e", "*"]), min_size=12, max_size=12),
    st.sampled_from(["{}", "Tél. {} (payant)", "Voir\n{}.", "le 3 : {}"]),
)
def test_no_separator_hides_a_number(number: str, separators: list[str], around: str) -> None:
    parted = "".join(char + separator for char, separator in zip(number, separators, strict=False))
    assert forbidden_content(around.format(parted))


def test_the_table_of_shorteners_is_of_domains_and_none_leads_to_one_place() -> None:
    assert all(re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", host) for host in SHORTENERS | OF_ONE_PLACE)
    assert SHORTENERS.isdisjoint(OF_ONE_PLACE)
    for host in SHORTENERS:
        assert forbidden_content(f"Voir {host}/a"), host
        assert forbidden_content(f"Voir {host}.example.fr/a") is None, host


def test_numbers_of_france_need_no_library() -> None:
    """Most texts with a number name the school's own: they must not pay for the library's start."""
    known = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "phonenumbers"}
    try:
        assert forbidden_content("Vie scolaire : 04 72 00 32 12, +33 4 72 00 32 12, 0899 12 34 5") is None
        assert forbidden_content("0899 12 34 56")
        assert "phonenumbers" not in sys.modules
    finally:
        sys.modules.update(known)
