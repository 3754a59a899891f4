"""Why an order stopped: each code, where it leads, what people read and do next (R3, R5, R7, R12, R13, R51)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from schoolsms.domain.french import french_number, printed
from schoolsms.domain.orders.packs import Pack

Kind = Literal["missing", "doubt"]
"""`missing`: incomplete, the school can correct it alone (R7). `doubt`: a person judges it (R12)."""

_FIELDS = {
    "order_id": "numéro du bon de commande",
    "uai": "code UAI",
    "siret": "SIRET",
    "school_name": "nom de l’établissement",
    "address": "adresse de l’établissement",
    "contact_name": "nom du contact",
    "contact_role": "fonction du contact",
    "contact_email": "adresse électronique du contact",
    "contact_phone": "téléphone du contact",
    "service_code": "code service",
    "engagement_number": "numéro d’engagement",
    "total_ht": "total HT",
    "vat": "TVA",
    "total_ttc": "total TTC",
    "accept_terms": "acceptation des conditions",
    "place_and_date": "lieu et date",
    "signature": "signature",
}

_SEND_AGAIN = "puis renvoyez le bon de commande"

# code: (kind, what is wrong, how to correct it); "{field}" becomes the field's French name.
_TABLE: dict[str, tuple[Kind, str, str]] = {
    "no-form-attached": (
        "missing",
        "aucun bon de commande joint",
        "joignez à votre message le bon de commande en PDF, complété et signé",
    ),
    "attachment-not-read": (
        "missing",
        "pièce jointe d'un type que le service ne lit pas : {field}",
        "renvoyez le bon de commande complété et signé en PDF, ou en image JPEG, PNG ou TIFF",
    ),
    "field-missing": ("missing", "champ « {field} » non renseigné", f"complétez ce champ, {_SEND_AGAIN}"),
    "uai-invalid": (
        "missing",
        "code UAI incorrect",
        f"vérifiez le code UAI (7 chiffres suivis d'une lettre), {_SEND_AGAIN}",
    ),
    "siret-invalid": ("missing", "SIRET incorrect", f"vérifiez le SIRET (14 chiffres), {_SEND_AGAIN}"),
    "quantity-missing": (
        "missing",
        "aucune quantité indiquée",
        f"indiquez le nombre de packs souhaité, {_SEND_AGAIN}",
    ),
    "quantity-invalid": (
        "missing",
        "valeur incorrecte dans le champ « {field} »",
        f"indiquez un nombre entier, en chiffres, {_SEND_AGAIN}",
    ),
    "terms-not-accepted": (
        "missing",
        "conditions non acceptées",
        f"cochez la case d'acceptation des conditions, {_SEND_AGAIN}",
    ),
    "signature-missing": (
        "missing",
        "signature absente",
        f"signez dans le cadre prévu, {_SEND_AGAIN}",
    ),
    "form-encrypted": (
        "missing",
        "document protégé par un mot de passe",
        "enregistrez le PDF sans mot de passe, puis renvoyez-le",
    ),
    "form-unreadable": (
        "missing",
        "document illisible",
        "téléchargez de nouveau le bon de commande, complétez-le et signez-le, puis renvoyez-le en PDF",
    ),
    "attachment-too-large": (
        "missing",
        "pièce jointe trop volumineuse (plus de 15 Mo)",
        "renvoyez seulement le bon de commande, en PDF, sans autre document",
    ),
    "form-scanned": ("doubt", "bon de commande numérisé", "comparer le document au bon émis"),
    "form-printed": ("doubt", "bon de commande imprimé en PDF", "comparer le document au bon émis"),
    "form-altered": ("doubt", "bon de commande modifié : {field}", "refuser toute stipulation ajoutée"),
    "form-unknown": (
        "doubt",
        "bon de commande non reconnu",
        "rechercher le bon émis auprès de l'établissement",
    ),
    "other-documents": (
        "doubt",
        "un autre document accompagne le bon de commande",
        "vérifiez qu'il n'ajoute aucune stipulation au bon de commande",
    ),
    "form-of-another-school": (
        "doubt",
        "bon de commande d'un autre établissement",
        "vérifier pour quel établissement la commande est passée",
    ),
    "several-forms": (
        "doubt",
        "bon de commande joint en plusieurs exemplaires",
        "déterminer lequel fait foi",
    ),
    "several-orders-in-document": (
        "doubt",
        "plusieurs bons de commande dans un même document",
        "lire chacun d'eux, puis accepter ou refuser chaque commande",
    ),
    "handwritten": (
        "doubt",
        "champ « {field} » rempli à la main",
        "le lire sur le bon reçu et l'indiquer en acceptant la commande",
    ),
    "documents-unread": (
        "doubt",
        "pièces jointes trop nombreuses ou trop longues à lire : toutes n'ont pas été examinées",
        "ouvrir le message d'origine",
    ),
    "sender-unknown": (
        "doubt",
        "expéditeur qui n'est ni gestionnaire de SMS de l'établissement, ni enregistré pour ses commandes",
        "confirmer la commande auprès d'un gestionnaire, et enregistrer cette adresse si elle doit pouvoir commander",
    ),
    "sender-unreadable": (
        "doubt",
        "expéditeur illisible, multiple ou à qui rien ne peut être envoyé",
        "ouvrir le message d'origine et confirmer la commande auprès d'un gestionnaire",
    ),
    "mail-verdict-failed": (
        "doubt",
        "message non authentifié",
        "confirmer l'envoi auprès de l'établissement, par un autre canal",
    ),
    "signature-broken": ("doubt", "signature électronique non valide", "demander une nouvelle signature"),
    "signer-untrusted": (
        "doubt",
        "signature électronique d'un signataire inconnu : {field}",
        "vérifiez auprès de l'établissement qui a signé, puis acceptez ou refusez la commande",
    ),
    "amount-unusual": (
        "doubt",
        "montant inhabituel : {field}",
        "confirmer la commande auprès d'un gestionnaire, par un autre canal que la messagerie",
    ),
    "totals-differ": ("doubt", "totaux différents de ceux des packs commandés", "vérifier les quantités"),
    "form-expired": (
        "doubt",
        "bon de commande d'une autre année scolaire",
        "faire télécharger un nouveau bon",
    ),
    "school-closed": (
        "doubt",
        "établissement résilié, inconnu ou sans abonnement",
        "vérifier l'abonnement de l'établissement",
    ),
    "mail-unreadable": ("doubt", "message illisible en partie", "ouvrir le message d'origine"),
    "automatic-mail": (
        "doubt",
        "message automatique ou de liste de diffusion, sans pièce jointe",
        "ouvrir le message d'origine en cas de doute",
    ),
    "automatic-answer": (
        "doubt",
        "accusé, avis de non-remise ou réponse automatique, qui peut renvoyer le bon d'une autre personne",
        "confirmer la commande auprès d'un gestionnaire",
    ),
    "media-attached": (
        "doubt",
        "fichier son ou vidéo joint",
        "vérifier que la commande ne porte que sur du texte",
    ),
}
_UNKNOWN: tuple[Kind, str, str] = ("doubt", "autre motif ({code})", "ouvrir le message d'origine")

CODES = frozenset(_TABLE)


@dataclass(frozen=True)
class Reason:
    """One reason. `field` is a field name of the form, or for `form-altered` what was altered, in French; for
    `signer-untrusted` the name in the certificate, for `amount-unusual` the amount.

    A code that the table lacks (stored by another version) is a doubt, so that nothing passes unseen.
    """

    code: str
    field: str | None = None

    @property
    def kind(self) -> Kind:
        return _TABLE.get(self.code, _UNKNOWN)[0]

    @property
    def label(self) -> str:
        """The fault, in French, without a full stop: "signature absente"."""
        return self._say(_TABLE.get(self.code, _UNKNOWN)[1])

    @property
    def remedy(self) -> str:
        """The remedy, in French, without a full stop: for the school when missing, for the operator in doubt."""
        return self._say(_TABLE.get(self.code, _UNKNOWN)[2])

    def _say(self, sentence: str) -> str:
        if self.field is None:
            sentence = sentence.replace("« {field} »", "obligatoire").replace(" : {field}", "")
        # replace, not format, because the content of a form must never be read as a format string
        return printed(sentence).replace("{code}", self.code).replace("{field}", field_name(self.field or ""))


def with_named_packs(text: str, packs: Sequence[Pack]) -> str:
    """`text`, in which « pack P1000 » becomes « pack de 1 000 SMS », as each of `packs` is called on the form."""
    for pack in packs:
        named = f"de {french_number(pack.sms)}\u00a0SMS"
        text = re.sub(rf"\b(packs?) {re.escape(pack.id)}(?!\w)", rf"\1 {named}", text)
    return text


def field_name(field: str) -> str:
    """The French name of a form's field; anything else as it is."""
    if field.startswith("qty_"):
        return f"quantité de packs {field.removeprefix('qty_')}"
    return _FIELDS.get(field, field)


def place_on_form(field: str) -> tuple[int, int]:
    """Sort key of a field: where it is on the form, with the quantities, in their own order, before the totals."""
    names = list(_FIELDS)
    if field.startswith("qty_"):
        digits = "".join(char for char in field if char.isdigit() and char.isascii())
        return names.index("total_ht"), int(digits or 0)
    at = names.index(field) if field in _FIELDS else len(names)
    return at, 1_000_000_000 if at >= names.index("total_ht") else 0


def missing_kinds(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Reasons that the school can correct alone (R7)."""
    return tuple(reason for reason in reasons if reason.kind == "missing")


def doubts(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Those a person must judge (R12)."""
    return tuple(reason for reason in reasons if reason.kind == "doubt")


def to_dicts(reasons: Iterable[Reason]) -> list[dict[str, str | None]]:
    """As stored and as the API shows them: `{"code", "field"}`."""
    return [{"code": reason.code, "field": reason.field} for reason in reasons]


def from_dicts(items: Iterable[Mapping[str, str | None]]) -> tuple[Reason, ...]:
    """The inverse of `to_dicts`."""
    return tuple(Reason(item["code"] or "", item.get("field")) for item in items)
