"""Printed forms, lists and charts: plain data in, bytes out; the same data gives the same bytes.

Nothing here reads a case, a database or the clock. Importing the package is cheap: Typst, Altair and the workbook writer are
imported by the functions that use them.
"""

from .amounts import amount_in_ten_thousands, amount_in_words, amount_in_yuan
from .typesetting import PrintedForm, data_digest, typeset, typeset_pictures

__all__ = [
    "PrintedForm",
    "amount_in_ten_thousands",
    "amount_in_words",
    "amount_in_yuan",
    "data_digest",
    "typeset",
    "typeset_pictures",
]
