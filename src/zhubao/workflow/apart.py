"""The refusals of a step: by somebody who took one it must be apart from, and where it does not fit any more."""

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .process import Process, Transition


def same_person(earlier: Transition, place: str) -> ZhubaoError:
    """Return E-SAME-PERSON: whoever took the `earlier` step asks for one that another person has to take; `place` names the record."""
    label = earlier.label
    return ZhubaoError(
        "E-SAME-PERSON",
        Text(f"“{label.zh}”是您办的，这一步须另一人办", f"you took “{label.en}”: another person takes this step"),
        place=place,
        remedy=Text("请本单位另一人办理", "have a colleague take this step"),
    )


def wrong_state(process: Process, state: str, row: Transition, place: str, stands: Text) -> ZhubaoError:
    """Return E-STATE: a step does not fit where the record stands; `stands` begins the sentence (“the loan is now”), `place` names it."""
    label = process.state(state).label
    return ZhubaoError(
        "E-STATE",
        Text(f"{stands.zh}“{label.zh}”，不能“{row.label.zh}”", f"{stands.en} “{label.en}”: cannot {row.label.en}"),
        place=place,
        remedy=Text("可能已有人办过，请刷新后再看", "somebody may have been faster; look again"),
    )
