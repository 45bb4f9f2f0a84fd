"""Citizen numbers for invented people: formally valid, and marked as synthetic as far as the format allows.

The citizen number (GB 11643) has no range reserved for tests. The rule here: the three order digits always lie in
`ORDER_BAND`, 900 to 995. Registration offices hand order numbers out from the low end of their own small ranges, so that this
band is the least used; 996 to 999 stay free because the old 15-digit form kept them for centenarians. A number outside the
band was therefore not made by this package; one inside it is not proof of the contrary, and no look-up against a real
register may be made with any of them.
"""

from datetime import date, timedelta

from zhubao.identity import check_character

from .names import Sex

ORDER_BAND = range(900, 996)
_ORDERS_PER_SEX = len(ORDER_BAND) // 2


class NumberIssuer:
    """Hands out citizen numbers, each once; odd order codes to men, even ones to women."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, date, Sex], int] = {}

    def issue(self, area_code: str, birth: date, sex: Sex) -> tuple[date, str]:
        """Return (birth, number) for the first day at or before `birth` that still has a free order code.

        The day of birth gives way when 48 people of one sex, code and day exist already: the band matters more than the day.
        """
        while (given := self._given.get((area_code, birth, sex), 0)) >= _ORDERS_PER_SEX:
            birth -= timedelta(days=1)
        self._given[area_code, birth, sex] = given + 1
        # Each day starts at its own place in the band, so that the numbers of a county do not all end alike.
        turn = (birth.toordinal() * 19 + given) % _ORDERS_PER_SEX
        order = ORDER_BAND.start + 2 * turn + (sex == "male")
        body = f"{area_code}{birth:%Y%m%d}{order}"
        return birth, body + check_character(body)


def is_marked_synthetic(id_number: str) -> bool:
    """Say whether the order digits of an 18-digit number lie in the band of this package."""
    return len(id_number) == 18 and id_number[14:17].isdigit() and int(id_number[14:17]) in ORDER_BAND
