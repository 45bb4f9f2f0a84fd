"""The catalogues: every sentence has its Chinese, and the compiled form says what the written one says."""

import gettext
import io
from pathlib import Path

import pytest
from django.utils import translation

from zhubao.config import translations
from zhubao.config.places import PACKAGE
from zhubao.config.translations import Entry, Sentence


def test_every_sentence_is_translated() -> None:
    assert [f"{folder}: {sentence.text}" for folder, sentence in translations.missing()] == []


def test_a_catalogue_survives_writing_reading_and_compiling(tmp_path: Path) -> None:
    entries = {
        Sentence('Say "yes"\n'): Entry("说“是”\n"),
        Sentence("one day", plural="%(n)s days"): Entry("%(n)s 天"),
        Sentence("open", context="state"): Entry("已开户"),
        Sentence("doubtful"): Entry("存疑", fuzzy=True),
        Sentence("missing"): Entry(""),
    }
    translations.write(tmp_path / "django.po", entries)
    assert translations.read(tmp_path / "django.po") == entries
    compiled = gettext.GNUTranslations(io.BytesIO(translations.compiled(entries)))
    assert compiled.gettext('Say "yes"\n') == "说“是”\n"
    assert compiled.ngettext("one day", "%(n)s days", 3) == "%(n)s 天"
    assert compiled.pgettext("state", "open") == "已开户"
    assert compiled.gettext("doubtful") == "doubtful"
    assert compiled.gettext("missing") == "missing"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('{% translate "Home" %}', {Sentence("Home")}),
        ("{% translate 'Choose' as words %}", {Sentence("Choose")}),
        (
            "{% blocktranslate with n=x %}Page {{ n }}{% endblocktranslate %}",
            {Sentence("Page %(n)s")},
        ),
        (
            "{% blocktranslate count n=x %}one{% plural %}many{% endblocktranslate %}",
            {Sentence("one", plural="many")},
        ),
        ('{% translate "open" context "state" %}', {Sentence("open", context="state")}),
        ("<p>gettext(</p>{{ plain }}", set()),
    ],
    ids=["句子", "存入变量", "带变量", "复数", "带语境", "普通文字"],
)
def test_sentences_of_a_template(tmp_path: Path, source: str, said: set[Sentence]) -> None:
    page = tmp_path / "page.html"
    page.write_text(source, encoding="utf-8")
    assert set(translations.said_in_template(page)) == said


def test_sentences_of_a_module(tmp_path: Path) -> None:
    module = tmp_path / "labels.py"
    module.write_text('from django.utils.translation import gettext_lazy as _\nLABEL = _("Open " "now")\nother("no")\n')
    assert set(translations.said_in_python(module)) == {Sentence("Open now")}


def test_a_sentence_says_the_same_in_every_catalogue() -> None:
    """All catalogues are one domain: of two translations of a sentence one would silently go under. A context keeps both."""
    said: dict[Sentence, dict[str, list[str]]] = {}
    for folder in translations.locale_folders():
        for sentence, entry in translations.read(folder / translations.CATALOGUE).items():
            where = str(folder.parent.relative_to(PACKAGE))
            if entry.translation:
                key = sentence._replace(plural="plural" if sentence.plural else "")
                said.setdefault(key, {}).setdefault(entry.translation, []).append(where)
    assert {sentence: where for sentence, where in said.items() if len(where) > 1} == {}


@pytest.mark.parametrize(
    ("context", "english", "chinese"),
    [
        pytest.param("refund", "paid", "已退付", id="退费"),
        pytest.param("refund", "came back", "已退回", id="退费被退回"),
        pytest.param("pension", "came back", "已追回", id="多发待遇追回"),
        pytest.param("heir", "Proof", "证明", id="继承人证明"),
        pytest.param("own part", "paid", "已缴", id="自付部分"),
        pytest.param("call", "How", "催缴方式", id="上门催缴"),
        pytest.param("payer", "Department", "出资部门", id="代缴出资"),
    ],
)
def test_a_short_word_says_what_is_meant_where_it_stands(context: str, english: str, chinese: str) -> None:
    """All catalogues become one: without its context such a word would say what another page means by it."""
    with translation.override("zh-hans"):
        assert translation.pgettext(context, english) == chinese
        assert translation.gettext(english) != chinese
