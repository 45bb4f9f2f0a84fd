"""What a policy text lets a locality change, and in which direction only: an entry on the wrong side is refused."""

from collections.abc import Iterable
from dataclasses import dataclass

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .book import Parameter


@dataclass(frozen=True, slots=True)
class Bound:
    """A declared limit: entries of `name` in areas that begin with `area_prefix` must lie within `minimum`..`maximum`, inclusive.

    `clause` is the id of the clause that gives the limit, `text` says in one line what it lets a locality do.
    """

    name: str
    area_prefix: str
    clause: str
    text: Text
    minimum: int | None = None
    maximum: int | None = None

    def broken_by(self, entry: Parameter) -> bool:
        """Whether `entry` falls under this limit and lies outside it."""
        if (
            entry.supersedes
            or entry.name != self.name
            or not entry.area_code.startswith(self.area_prefix)
            or not isinstance(entry.value, int)
        ):
            return False
        return (self.minimum is not None and entry.value < self.minimum) or (
            self.maximum is not None and entry.value > self.maximum
        )


def check_bounds(entries: Iterable[Parameter], bounds: Iterable[Bound]) -> None:
    """Raise E-PARAM-NARROWS for the first entry that narrows what its clause only lets relax."""
    limits = tuple(bounds)
    for entry in entries:
        for bound in limits:
            if bound.broken_by(entry):
                limit = bound.minimum if bound.minimum is not None and int(entry.value) < bound.minimum else bound.maximum
                raise ZhubaoError(
                    "E-PARAM-NARROWS",
                    Text(
                        f"{entry.name} = {entry.value} 比 {bound.clause} 更严（界限 {limit}）：{bound.text.zh}",
                        f"{entry.name} = {entry.value} is narrower than {bound.clause} (limit {limit}): {bound.text.en}",
                    ),
                    place=entry.place,
                    remedy=Text("删去这一行或放宽取值", "delete the row or relax its value"),
                )
