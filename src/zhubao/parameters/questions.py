"""Questions the policy texts leave open: each with a proposed default, who may decide, and the words a setting may take."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .book import NATION, Parameter, ParameterBook, read_rows

# Settings whose value is a day.
DATE_SETTINGS = frozenset({"setting.extended_to"})
# What an office writes in a file of settings to confirm the default of a question.
CONFIRMING = ("default", "confirmed", "默认", "确认")


def unfollowed_words(answer: str) -> Text:
    """Return the remark on a question that was answered in words no rule can follow."""
    return Text(f"（已另行决定“{answer}”，规则尚不能照办）", f"(decided otherwise: “{answer}”; the rules cannot follow it)")


@dataclass(frozen=True, slots=True)
class Question:
    """One open question of the texts.

    `clauses` are clause ids; `value` is the default where a program can use it ("" otherwise) and `alternatives` the other words
    a setting may take; `lending` are the numbers of the interest and repayment conventions that treat the same question.
    """

    id: str
    clauses: tuple[str, ...]
    question: Text
    default: Text
    value: str
    alternatives: tuple[str, ...]
    decider: Text
    lending: tuple[int, ...]

    def is_default(self, answer: str) -> bool:
        """Whether an answer somebody entered says what the default says: by its code, by its words, or by confirming it."""
        return answer in {self.value, self.default.zh, self.default.en, *CONFIRMING}

    def provisional(self) -> dict[str, Any]:
        """Return the row that a result's list `provisional` carries while nobody has decided."""
        return {"question": self.id, "default": self.default.en, "default_zh": self.default.zh, "decider": self.decider.en}

    def as_json(self) -> dict[str, Any]:
        """Return the question with all its fields in both languages."""
        return {
            "id": self.id,
            "clauses": list(self.clauses),
            "question": self.question._asdict(),
            "default": self.default._asdict(),
            "value": self.value or None,
            "alternatives": list(self.alternatives),
            "decider": self.decider._asdict(),
        }


@dataclass(frozen=True, slots=True)
class Settled:
    """How a question stands on a day: the value in use, and the local entry that gave it (None = the default)."""

    question: Question
    value: str
    entry: Parameter | None

    @property
    def confirmed(self) -> bool:
        """Whether a named person or office decided; without one every result that turns on the question is provisional."""
        return self.entry is not None and bool(self.entry.decided_by)


@dataclass(frozen=True, slots=True)
class Setting:
    """A choice of the office entered as ``setting.<name>``: its default, the other words it may take, the conventions it sets.

    `days` is ``working`` or ``calendar`` where the value is a number of days, "" elsewhere; `question` is the id of the open question
    the days answer.
    """

    name: str
    label: Text
    value: str
    alternatives: tuple[str, ...]
    lending: tuple[int, ...]
    days: str = ""
    question: str = ""


@cache
def settings() -> dict[str, Setting]:
    """Return every named setting of loans and policies by its name."""
    return {
        row["name"]: Setting(
            row["name"],
            Text(row["label_zh"], row["label_en"]),
            row["value"],
            tuple(row["alternatives"].split()),
            tuple(int(number) for number in row["lending"].split()),
            row["days"],
            row["question"],
        )
        for row in read_rows("settings")
    }


@cache
def questions() -> dict[str, Question]:
    """Return every open question by its id, in the order of the register."""
    return {
        row["id"]: Question(
            row["id"],
            tuple(row["clauses"].split()),
            Text(row["question_zh"], row["question_en"]),
            Text(row["default_zh"], row["default_en"]),
            row["value"],
            tuple(row["alternatives"].split()),
            Text(row["decider_zh"], row["decider_en"]),
            tuple(int(number) for number in row["lending"].split()),
        )
        for row in read_rows("questions")
    }


def settle(book: ParameterBook, question_id: str, on: date, area_code: str = NATION) -> Settled:
    """Return the value in use for a question on a day; E-QUESTION when there is none of that id."""
    question = questions().get(question_id)
    if question is None:
        raise ZhubaoError("E-QUESTION", Text(f"没有编号为 {question_id} 的待定问题", f"there is no open question {question_id}"))
    entry = book.find(f"setting.{question_id}", on, area_code)
    return Settled(question, str(entry.value) if entry else question.value, entry)
