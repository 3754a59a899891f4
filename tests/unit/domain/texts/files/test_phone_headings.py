"""Which column has the mobile numbers, by the words of its heading."""

import pytest

from schoolsms.domain.texts.files.phone_headings import phone_columns

_TELEPHONES = """
N° de portable|Numéro de téléphone portable|Tél. mobile|Téléphone du responsable 1|Portable responsable légal
Téléphone|PORTABLE|mobile|GSM|Tél.|N° Tél.|Nº de portable|N°portable|№ de téléphone|Num. portable|Numéros de mobiles
Téléphone portable du responsable légal 1|TEL_PORTABLE_RESP_LEGAL_1|Portable mère|Mobile du père|Portables
Tél. port.|Port. père|N°Tél port|Téléphone (portable de préférence)
Téléphone(s)|Numéro(s) de téléphone|Portable 2|tel1|TelPortable|numtel|NumeroTelephone|telMobile|MOB.|Mob. maman
Tél. portable de l’élève|Tél. portable (parents)|Téléphone d'urgence|Contact téléphonique|Mobile phone|Cell phone
Phone number|Numéro de GSM|Numéro SMS|N° pour les SMS|Portable 1er responsable|Portable de la grand-mère
Port\u00adable|\ufeffPortable|Té\u200bléphone|N°\u00a0de\u202fportable|Téléphone\u2028portable
TelPortableResp1|TELPORT|NumPortableParent2|PhoneNumber|Phone 1 - Value|Primary Phone|Portable resp. financier
Portable du payeur|Téléphone portable (obligatoire)|Tél. portable (format international)|Portable (10 chiffres)
Coordonnées téléphoniques|ELE_TEL_PORTABLE|Portable Mme|Portable de M.|Tél. correspondant|Portable famille d'accueil
Numéro|numero|N°|num|Tél. personnel|Portable professionnel|Téléphone à appeler en cas d'urgence
"""
_OTHERS = """
Téléphone fixe|Tél. domicile|Fax|Ordinateur portable|PC portable|Mobilité|Opérateur mobile|Portable autorisé|Téléphonie
N° élève|Numéro de dossier|Numéro de rue|N° INE|Nom|Responsable légal 1|Contact|Père|SMS|Consentement SMS|Classe|1
Indicatif téléphone|Phone 1 - Type|Phone 1 - Label|Passeport|Transport|Rapport père|Numéro national|Format|Valeur
Téléphone ou mail|Modèle du portable|Portable (oui/non)|Salle de téléphone|Numéro du responsable
"""


def headings(lines: str) -> list[str]:
    return lines.strip("\n").replace("\n", "|").split("|")


@pytest.mark.parametrize("heading", [*headings(_TELEPHONES), "Téléphone\nportable"])
def test_a_heading_of_words_for_a_telephone_is_one_in_any_order(heading: str) -> None:
    assert phone_columns(["prénom", heading]) == (1, [], [])


@pytest.mark.parametrize("heading", [*headings(_OTHERS), ""])
def test_any_other_word_makes_it_something_else(heading: str) -> None:
    assert phone_columns(["prénom", heading]) is None


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Numéro;Téléphone;Portable", (2, [1], [])),
        ("Portable mère;Portable père", (0, [1], [1])),
        ("Tél. élève;nom;Téléphone mère;Mobile", (3, [0, 2], [])),
        ("Téléphone 1;Téléphone 2;Téléphone 3", (0, [1, 2], [1, 2])),
        ("N°;Nom;Téléphone", (2, [], [])),
        ("Téléphone fixe;Téléphone", (1, [], [])),
    ],
)
def test_mobiles_are_before_telephones_and_the_left_before_the_right(written: str, found: object) -> None:
    assert phone_columns(written.split(";")) == found
