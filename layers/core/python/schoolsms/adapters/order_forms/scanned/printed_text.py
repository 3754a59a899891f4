"""Clauses in the text of a page that a viewer printed to PDF: in a box for handwriting ink alone says nothing (R5)."""

from collections import Counter

from schoolsms.adapters.order_forms.pdf import raster
from schoolsms.domain.orders.forms.stipulations import names_terms

CLAUSE = "texte ajouté qui peut être une clause"


def holds_a_clause(issued: raster.Document, seen: raster.Document, index: int) -> bool:
    """Whether the words that page `index` of `seen` has beyond those of the issued form use words of a clause.

    Words are compared without regard to their order, because each program writes a page in its own. A scanner's text
    layer is left out because it guesses, and a print through PostScript because its fonts have lost their letters: only
    ink is seen there, as on a scan. Changes the pages.
    """
    if seen.is_picture(index):
        return False
    left = Counter(word for word, _ in _words(issued.shown(0)))
    added = []
    for word, as_written in _words(seen.shown(index)):
        if left[word]:
            left[word] -= 1
        else:
            added.append(as_written)
    return all(word.isprintable() for word in added) and names_terms(" ".join(added))


def _words(text: str) -> list[tuple[str, str]]:
    """The words of `text`, each without its punctuation and case, and as it is written."""
    return [("".join(sign for sign in word if sign.isalnum()).casefold(), word) for word in text.split()]
