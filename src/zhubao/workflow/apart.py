"""The refusal of a step by somebody who took one it must be apart from."""

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .process import Transition


def same_person(earlier: Transition, place: str) -> ZhubaoError:
    """Return E-SAME-PERSON: whoever took the `earlier` step asks for one that another person has to take; `place` names the record."""
    label = earlier.label
    return ZhubaoError(
        "E-SAME-PERSON",
        Text(f"“{label.zh}”是您办的，这一步须另一人办", f"you took “{label.en}”: another person takes this step"),
        place=place,
        remedy=Text("请本单位另一人办理", "have a colleague take this step"),
    )
