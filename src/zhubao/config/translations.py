"""The catalogues: gather the English sentences of the source, compile the Chinese ones. Needs no gettext programs.

``python -m zhubao.config.translations`` brings every catalogue up to date: sentences that are new come in with an empty
translation, those no longer said go out. A sentence belongs to the nearest ``locale`` folder above its file, so that every
actor's folder under web/ can keep its own; the rest is in ``zhubao/locale``.
"""

import ast
import os
import re
import struct
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .places import PACKAGE

CATALOGUE = Path("zh_Hans/LC_MESSAGES/django.po")
HEADER = "Language: zh_Hans\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""


class Sentence(NamedTuple):
    """One English sentence of the source: with a context or a plural where it has one ("" otherwise)."""

    text: str
    context: str = ""
    plural: str = ""

    @property
    def key(self) -> str:
        """Return the key under which gettext finds it."""
        text = f"{self.text}\0{self.plural}" if self.plural else self.text
        return f"{self.context}\x04{text}" if self.context else text


class Entry(NamedTuple):
    """One line of a catalogue: the translation ("" when missing), and whether it was marked as uncertain."""

    translation: str
    fuzzy: bool = False


def locale_folders() -> list[Path]:
    """Return every ``locale`` folder of the package."""
    return sorted(path for path in PACKAGE.rglob("locale") if path.is_dir())


def owner_of(source: Path, folders: list[Path]) -> Path:
    """Return the ``locale`` folder a source file's sentences go to: the nearest one above it."""
    above = [folder for folder in folders if folder.parent in source.parents]
    return max(above, key=lambda folder: len(folder.parts))


def sentences() -> dict[Path, set[Sentence]]:
    """Return what each ``locale`` folder has to translate."""
    folders = locale_folders()
    found: dict[Path, set[Sentence]] = {folder: set() for folder in folders}
    for source in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]):
        said = said_in_python(source) if source.suffix == ".py" else said_in_template(source)
        found[owner_of(source, folders)].update(said)
    return found


def said_in_python(source: Path) -> Iterator[Sentence]:
    """Yield the sentences a module marks for translation."""
    text = source.read_text(encoding="utf-8")
    if "gettext" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        words = [word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
        yield from sentence_of(name, words)


def said_in_template(source: Path) -> Iterator[Sentence]:
    """Yield the sentences a template marks for translation; Django itself rewrites its tags as calls."""
    from django.utils.translation.template import templatize

    text = source.read_text(encoding="utf-8")
    if "{%" not in text and "{{" not in text:
        return
    calls = templatize(text, origin=str(source))
    for match in re.finditer(rf"\b(_|gettext|ngettext|pgettext)\(\s*{STRING}(?:\s*,\s*{STRING})?", calls):
        name, *literals = match.groups()
        yield from sentence_of(name, [ast.literal_eval(literal) for literal in literals if literal])


def sentence_of(call: str, words: list[str]) -> Iterator[Sentence]:
    """Yield the sentence of one call, if it is one that marks a sentence."""
    if call in SINGULAR and words:
        yield Sentence(words[0])
    elif call in PLURAL and len(words) > 1:
        yield Sentence(words[0], plural=words[1])
    elif call in CONTEXT and len(words) > 1:
        yield Sentence(words[1], context=words[0])


def read(path: Path) -> dict[Sentence, Entry]:
    """Return the entries of a catalogue file, without its header; an absent file has none."""
    entries: dict[Sentence, Entry] = {}
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for block in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        field = ""
        for line in block.splitlines():
            if line.startswith(("msg", '"')):
                word, _space, literal = line.partition(" ") if line.startswith("msg") else (field, "", line)
                field = word
                fields[field] = fields.get(field, "") + ast.literal_eval(literal)
        if fields.get("msgid"):
            sentence = Sentence(fields["msgid"], fields.get("msgctxt", ""), fields.get("msgid_plural", ""))
            fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in block.splitlines())
            entries[sentence] = Entry(fields.get("msgstr", fields.get("msgstr[0]", "")), fuzzy)
    return entries


def write(path: Path, entries: dict[Sentence, Entry]) -> None:
    """Write a catalogue file, sorted by sentence so that two authors' changes rarely meet on one line."""
    blocks = [f'msgid ""\nmsgstr {quoted(HEADER)}']
    for sentence, entry in sorted(entries.items()):
        lines = ["#, fuzzy"] if entry.fuzzy else []
        if sentence.context:
            lines.append(f"msgctxt {quoted(sentence.context)}")
        lines.append(f"msgid {quoted(sentence.text)}")
        if sentence.plural:
            lines.append(f"msgid_plural {quoted(sentence.plural)}")
        lines.append(f"msgstr{'[0]' if sentence.plural else ''} {quoted(entry.translation)}")
        blocks.append("\n".join(lines))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def quoted(text: str) -> str:
    """Return a string literal of the catalogue format."""
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


def compiled(entries: dict[Sentence, Entry]) -> bytes:
    """Return the binary catalogue gettext reads: a sorted table of keys, a table of translations, both with offsets."""
    sure = {sentence.key: entry.translation for sentence, entry in entries.items() if entry.translation and not entry.fuzzy}
    pairs = [(key.encode(), value.encode()) for key, value in sorted({"": HEADER, **sure}.items())]
    start = 7 * 4 + 16 * len(pairs)
    tables: list[bytes] = []
    strings = b""
    for column in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[column]), start + len(strings)))
            strings += pair[column] + b"\0"
    header = struct.pack("<IIIIIII", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return header + b"".join(tables) + strings


def compile_stale() -> None:
    """Compile every catalogue whose binary is missing or older; an installation that may not be written keeps what it has."""
    for folder in locale_folders():
        source = folder / CATALOGUE
        binary = source.with_suffix(".mo")
        if not source.exists() or (binary.exists() and binary.stat().st_mtime_ns >= source.stat().st_mtime_ns):
            continue
        if not os.access(source.parent, os.W_OK):
            continue
        with tempfile.NamedTemporaryFile(dir=source.parent, delete=False) as scratch:
            scratch.write(compiled(read(source)))
        Path(scratch.name).chmod(0o644)
        Path(scratch.name).replace(binary)


def missing() -> Iterator[tuple[Path, Sentence]]:
    """Yield every sentence of the source without a sure translation, with the folder it belongs to."""
    for folder, wanted in sentences().items():
        entries = read(folder / CATALOGUE)
        for sentence in sorted(wanted):
            entry = entries.get(sentence, Entry(""))
            if not entry.translation or entry.fuzzy:
                yield folder, sentence


def main() -> int:
    """Bring the catalogues up to date, list what is untranslated; return 1 when something is."""
    for folder, wanted in sentences().items():
        known = read(folder / CATALOGUE)
        write(folder / CATALOGUE, {sentence: known.get(sentence, Entry("")) for sentence in wanted})
    compile_stale()
    untranslated = list(missing())
    for folder, sentence in untranslated:
        sys.stdout.write(f"{folder.relative_to(PACKAGE)}: {sentence.text}\n")
    return 1 if untranslated else 0


if __name__ == "__main__":
    sys.exit(main())
