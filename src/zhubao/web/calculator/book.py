"""The figures the public pages reckon with: the county's own and the built-in ones; where there is neither, marked demonstration ones."""

from datetime import date
from typing import NamedTuple

from zhubao.demonstration.parameters import SOURCE, demonstration_parameters
from zhubao.language import Text
from zhubao.parameters import Parameter, ParameterBook
from zhubao.parameters.names import declared
from zhubao.programmes.selectors import parameter_book


class FigureUsed(NamedTuple):
    """A figure a result rests on; `entry` None where nobody has one."""

    name: str
    label: Text
    entry: Parameter | None

    @property
    def demonstration(self) -> bool:
        """Whether the value was made up so that the page can be tried."""
        return self.entry is not None and made_up(self.entry)


def public_book() -> ParameterBook:
    """Return the county's book, gaps filled with the demonstration set: never a setting, never where a place has its own value."""
    book = parameter_book()
    own = {(entry.name, entry.area_code) for entry in book.local_entries}
    return book.over(
        entry
        for entry in demonstration_parameters()
        if (entry.name, entry.area_code) not in own
        and not entry.name.startswith("setting.")
        and book.find(entry.name, entry.effective_from, entry.area_code) is None
    )


def made_up(entry: Parameter) -> bool:
    """Tell whether an entry belongs to the demonstration, also when a demonstration county entered it."""
    return entry.source.startswith(SOURCE)


def figures_used(names: tuple[str, ...], on: date, area_code: str, book: ParameterBook) -> list[FigureUsed]:
    """Return the figures of a day and place in the order of their names; a year not yet published takes the last known one."""
    used = []
    for name in names:
        known = declared(name)
        assert known is not None, name
        entry = book.find(name, on, area_code) or book.latest(name, on, area_code)
        used.append(FigureUsed(name, known.label, entry))
    return used
