"""Texts that viewers show beside a page, in a window of its own or a list: nobody sees them on the page itself (R5)."""

import re
from collections.abc import Set

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from schoolsms.adapters.order_forms.pdf.acroform import annotations, key_of, resolve, text_of
from schoolsms.domain.orders.forms.stipulations import names_terms

_MOST_BOOKMARKS = 1_000
_MOST_PARENTS = 10
_CAPTIONS = frozenset(("/CA", "/RC", "/AC", "/I", "/RI", "/IX"))
_tags = re.compile(r"<[^<>]*>")


def text_of_note(node: DictionaryObject) -> str:
    """The text of an annotation, plain or else with its marks of style taken away."""
    return text_of(node.get("/Contents")).strip() or _tags.sub("", text_of(node.get("/RC"))).strip()


def is_idle_popup(node: DictionaryObject, listed: Set[int]) -> bool:
    """Whether an annotation is the window of one of those `listed` on its page, by key, and shows nothing of its own.

    Viewers show in it the text of its parent, wherever that is.
    """
    parent = node.get("/Parent")
    return (
        resolve(node.get("/Subtype")) == "/Popup"
        and "/AP" not in node
        and not text_of_note(node)
        and (resolve(parent) is None or key_of(parent) in listed)
    )


def is_idle_field(node: DictionaryObject) -> bool:
    """Whether a widget shows nothing: it has no appearance, nor a text of which viewers would make one.

    Programs leave such fields when they flatten a form. Some viewers show a value that no list of fields leads to.
    """
    appearances, captions = (resolve(node.get(key)) for key in ("/AP", "/MK"))
    if isinstance(appearances, DictionaryObject) and any(
        isinstance(resolve(drawn), DictionaryObject) for drawn in appearances.values()
    ):
        return False
    if isinstance(captions, DictionaryObject) and not _CAPTIONS.isdisjoint(captions):
        return False
    holders, holder = [node], resolve(node.get("/Parent"))
    while isinstance(holder, DictionaryObject) and len(holders) < _MOST_PARENTS:
        holders.append(holder)
        holder = resolve(holder.get("/Parent"))
    values = [resolve(each.get(key)) for each in holders for key in ("/V", "/DV")]
    return not text_of_note(node) and not any(
        isinstance(value, DictionaryObject | ArrayObject) or text_of(value).strip() for value in values
    )


def hints(reader: PdfReader, page: int) -> frozenset[str]:
    """The texts that viewers show beside a field of `page` while somebody points at it.

    Programs add a field, and a hint, for a certificate's signature: such a hint counts if it uses words of a clause.
    """
    nodes = [node for _, node in annotations(reader, page)]
    parents = [parent for node in nodes if isinstance(parent := resolve(node.get("/Parent")), DictionaryObject)]
    hinted = [(node, text_of(node.get("/TU")).strip()) for node in (*nodes, *parents)]
    return frozenset(hint for node, hint in hinted if hint and (text_of(node.get("/FT")) != "Sig" or names_terms(hint)))


def bookmarks(reader: PdfReader) -> frozenset[str]:
    """The titles of the outline, each without the spaces around it."""
    titles: set[str] = set()
    seen: set[int] = set()
    stack = [resolve(reader.trailer["/Root"]).get("/Outlines")]
    while stack and len(seen) < _MOST_BOOKMARKS:
        item = stack.pop()
        node = resolve(item)
        if not isinstance(node, DictionaryObject) or key_of(item) in seen:
            continue
        seen.add(key_of(item))
        titles.add(text_of(node.get("/Title")).strip())
        stack += [node.get("/First"), node.get("/Next")]
    return frozenset(titles - {""})
