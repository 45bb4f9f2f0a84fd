"""Words the pure packages say, in the two languages of the product.

The web application translates with gettext; rules, engines and the command line must work without Django, so their few words
stand here as pairs, next to the thing they name.
"""

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Text(NamedTuple):
    """One short label in Chinese and in English."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the label in `language`."""
        return self.zh if language == "zh" else self.en
