"""A refusal is told where the page says it; what is outside one's post goes through to the page that says so."""

import pytest
from django import forms

from zhubao.access.actors import OutOfScope
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.web.attempts import Attempt, told_at


class Days(forms.Form):
    """A form with a day."""

    day = forms.CharField()


def refuse(code: str) -> None:
    """Refuse as an action does."""
    raise ZhubaoError(code, Text("日期在将来", "the day is to come"), remedy=Text("改填", "enter another"))


def test_a_refusal_ends_the_block_and_is_kept_in_words() -> None:
    with Attempt() as attempt:
        refuse("E-DAY")
        pytest.fail("the block went on")
    assert attempt.fault == "日期在将来；改填"
    with Attempt() as attempt:
        pass
    assert attempt.fault == ""


@pytest.mark.parametrize(("code", "place"), [("E-DAY", "day"), ("E-STATE", "__all__")], ids=["该字段", "整张表"])
def test_a_refusal_stands_at_the_field_that_is_named_for_it(code: str, place: str) -> None:
    form = Days({"day": "2099-01-01"})
    assert form.is_valid()
    with told_at(form, lambda error: "day" if error.code == "E-DAY" else None):
        refuse(code)
    assert form.errors == {place: ["日期在将来；改填"]}


@pytest.mark.parametrize(
    "error", [OutOfScope.of_region("case:1", "320682"), ValueError("a fault")], ids=["不在管辖范围", "程序错误"]
)
def test_what_is_no_refusal_goes_through(error: Exception) -> None:
    with pytest.raises(type(error)), Attempt():
        raise error
