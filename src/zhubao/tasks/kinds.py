"""The kinds of things to do. Apps above declare theirs with a title; a task of a kind nobody declared is refused."""

from zhubao.errors import ZhubaoError
from zhubao.language import Text

_declared: dict[str, Text] = {}


def declare(kind: str, title: Text) -> str:
    """Declare a kind (at most 48 characters) with the title its queue shows, and return the kind.

    Declaring it again with the same title changes nothing; ValueError for another title or a name that does not fit.
    """
    if not 0 < len(kind) <= 48 or _declared.setdefault(kind, title) != title:
        raise ValueError(f"kind of task {kind!r} is declared otherwise, or its name does not fit")
    return kind


def title_of(kind: str) -> Text:
    """Return the title of a kind; E-TASK-KIND when nobody declared it."""
    title = _declared.get(kind)
    if title is None:
        raise ZhubaoError(
            "E-TASK-KIND",
            Text(f"没有“{kind}”这类待办", f"there is no kind of task {kind!r}"),
            remedy=Text("由办理该事项的程序先登记类别和标题", "the part that opens it declares kind and title first"),
        )
    return title
