"""The level at which the public is written to: what whoever finished compulsory school reads without stopping.

Two things are measured, as in the usual formulas for Chinese: how common the characters are, and how long the sentences. The set
level is the characters of GB 2312's level 1, the 3,755 in common use, and at most 25 characters in a sentence; each item of a list
counts as one.
"""

import re

LONGEST_SENTENCE = 25
LAST_COMMON_ROW = 0xD7
_CHARACTER = re.compile("[\u4e00-\u9fff]")


def above_the_level(text: str) -> list[str]:
    """Return what is too hard in a text: characters that are not common, sentences that are too long."""
    found = [character for character in _CHARACTER.findall(text) if not _common(character)]
    sentences = re.split("[。！？；：、]", text)
    return found + [sentence for sentence in sentences if len(_CHARACTER.findall(sentence)) > LONGEST_SENTENCE]


def _common(character: str) -> bool:
    encoded = character.encode("gb2312", errors="ignore")
    return bool(encoded) and encoded[0] <= LAST_COMMON_ROW
