"""Whose hand stands under an opinion: a form's box is complete with name, seal and day, or it is not written at all."""

from dataclasses import dataclass
from datetime import date

from zhubao.errors import ZhubaoError
from zhubao.language import Text


@dataclass(frozen=True)
class Signature:
    """What closes an opinion on a form: who handled it, whether the office's seal is on it, and the day, which is not in the future."""

    handler: str
    sealed: bool
    on: date | None

    def complete(self, today: date, *more: tuple[str, Text]) -> date:
        """Return the day signed; raise E-OPINION naming every part left out, `more` being further fields of the box (value, label)."""
        parts = (
            *more,
            (self.handler.strip(), Text("经办人", "handler")),
            ("yes" if self.sealed else "", Text("公章", "seal")),
            ("yes" if self.on else "", Text("日期", "date")),
        )
        missing = [label for value, label in parts if not value]
        if missing or self.on is None:
            raise ZhubaoError(
                "E-OPINION",
                Text(
                    "意见栏还缺：" + "、".join(label.zh for label in missing),
                    "the opinion lacks: " + ", ".join(label.en for label in missing),
                ),
            )
        if self.on > today:
            raise ZhubaoError("E-OPINION", Text("签署日期晚于今天", "the day signed is in the future"), place=self.on.isoformat())
        return self.on
