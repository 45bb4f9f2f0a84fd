"""Tags and filters of every template: what they write faster is what Django writes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import Context, Template, defaultfilters
from django.utils import timezone, translation

from zhubao.policies import judge_of
from zhubao.web.templatetags.clauses import clause_rows


@pytest.mark.parametrize("style", ["Y-m-d", "Y-m-d H:i", "Y-m", "m-d H:i", "Y"])
@pytest.mark.parametrize(
    "value",
    [date(2026, 1, 9), date(26, 1, 9), datetime(2026, 12, 31, 17, 5, tzinfo=UTC), datetime(2026, 1, 9, 8, 5), None, "", "十月"],  # noqa: DTZ001
    ids=["日 day", "公元 26 年 year 26", "时刻 moment", "无时区 without a zone", "空 none", "空串 nothing", "文字 words"],
)
def test_days_and_moments_are_written_as_django_writes_them(value: Any, style: str) -> None:
    here = timezone.localtime(value) if isinstance(value, datetime) and value.tzinfo else value
    try:
        wanted: Any = defaultfilters.date(here, style)
    except TypeError as error:
        with pytest.raises(type(error)):
            Template(f'{{{{ value|date:"{style}" }}}}').render(Context({"value": value}))
        return
    assert Template(f'{{{{ value|date:"{style}" }}}}').render(Context({"value": value})) == wanted


def test_a_moment_is_written_in_the_time_of_the_county() -> None:
    written = Template('{{ at|date:"Y-m-d H:i" }}').render(Context({"at": datetime(2026, 12, 31, 17, 5, tzinfo=UTC)}))
    assert written == "2027-01-01 01:05"


def test_words_of_a_template_follow_the_language_of_each_page() -> None:
    page = Template('{% translate "To do" as what %}{{ what }} {% translate "Name" context "person" %} {% translate word %}')
    for language, words in (("zh-hans", "待办 姓名 银行"), ("en", "To do Name Bank"), ("zh-hans", "待办 姓名 银行")):
        with translation.override(language):
            assert page.render(Context({"word": "Bank"})) == words
    with translation.override("en"):
        assert page.render(Context({"word": "Committee"})) == "To do Name Committee"


def test_a_clause_sheet_writes_every_word_as_text() -> None:
    clause = {
        "id": "jx-1.1a/2", "anchor": "jx-1.1a", "article": "一（一）", "kind": "", "label": "甲 & 乙", "value": "<60", "source": "名单 \"1\"",
        "words": "符合", "tone": "ok", "alternative": True, "remark": "", "missing": [("<年龄>", "身份证")],
    }  # fmt: skip
    policy = judge_of("jiangxi-2020-7").policy
    with translation.override("zh-hans"):
        assert clause_rows([clause], policy) == (
            '<div class="law alternative" id="jx-1.1a/2">\n'
            '<span class="article"><a class="article" href="/policies/jiangxi-2020-7/#jx-1.1a">一（一）</a></span>\n'
            "<div><p>甲 &amp; 乙</p><small>名单 &quot;1&quot;</small>"
            '<small class="lack">缺：&lt;年龄&gt;。请补：身份证</small></div>\n'
            '<span class="value">&lt;60</span><span class="verdict"><span class="tag ok">符合</span></span></div>'
        )
    whole = {**clause, "id": "jx-1.1a", "value": "", "missing": [], "source": "", "alternative": False, "remark": "按月"}
    written = clause_rows([whole], policy)
    assert '<div class="law" id="jx-1.1a">' in written
    assert "<small>jx-1.1a</small></span>" in written
    assert '<small>按月</small></div>\n<span class="value">—</span>' in written
