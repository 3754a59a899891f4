"""The link of an issued form to the conditions: a form that comes back keeps it, and any other link is added (R5)."""

from collections.abc import Mapping

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from schoolsms.adapters.order_forms.pdf.acroform import annotations, resolve, text_of

_SHOWN = frozenset(("/AP", "/RC", "/T", "/Subj", "/Popup"))
"""The entries of an annotation that viewers draw, or show in a window beside it."""

Links = Mapping[str, str]
"""The description of each address."""


def links_of(issued: PdfReader) -> Links:
    """The links of the first page of an issued form; none of a form issued before it had one."""
    found = {_address(resolve(node.get("/A"))): text_of(node.get("/Contents")) for _, node in annotations(issued, 0)}
    return {address: described for address, described in found.items() if address}


def leads_to(action: DictionaryObject, known: Links) -> bool:
    """Whether an action opens one of the `known` addresses, and no other follows."""
    return _address(action) in known and "/Next" not in action


def is_kept(node: DictionaryObject, known: Links) -> bool:
    """Whether an annotation is a link to one of the `known` addresses that shows nothing, wherever it lies."""
    action = resolve(node.get("/A"))
    return (
        resolve(node.get("/Subtype")) == "/Link"
        and isinstance(action, DictionaryObject)
        and leads_to(action, known)
        and not _SHOWN & node.keys()
        and text_of(node.get("/Contents")) in ("", known[_address(action)])
        and _border(node) == 0
    )


def _address(action: object) -> str:
    if not isinstance(action, DictionaryObject) or resolve(action.get("/S")) != "/URI":
        return ""
    return text_of(action.get("/URI"))


def _border(node: DictionaryObject) -> float:
    """The width of the widest frame that some viewer draws around a link: 1 where the file does not say."""
    style, border = resolve(node.get("/BS")), resolve(node.get("/Border"))
    widths = []
    if isinstance(style, DictionaryObject):
        widths.append(resolve(style.get("/W", 1)))
    if isinstance(border, ArrayObject) and len(border) >= 3:
        widths.append(resolve(border[2]))
    return max((abs(float(each)) if isinstance(each, int | float) else 1.0 for each in widths), default=1.0)
