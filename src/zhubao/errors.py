"""One kind of error for everything a user can put right: it names the thing, the place and the remedy."""

from .language import Language, Text


class ZhubaoError(Exception):
    """Bad input, or an environment that refuses; the command line ends with status 2 and one line of reason.

    `code` is stable and starts with ``E-``; `place` names the file, cell, key or option at fault ("" when there is none);
    `problem` and `remedy` are said in the user's language.
    """

    def __init__(self, code: str, problem: Text, *, place: str = "", remedy: Text | None = None) -> None:
        self.code = code
        self.place = place
        self.problem = problem
        self.remedy = remedy
        super().__init__(self.message("en"))

    def __reduce__(self) -> tuple[object, ...]:
        """Travel whole from one process to another, whatever the constructor of its kind wants."""
        return _arrived, (type(self), self.args, self.__dict__)

    def message(self, language: Language) -> str:
        """Return the whole line without the program's name: ``E-CODE: place: problem; remedy``."""
        parts = [self.code, self.place] if self.place else [self.code]
        line = ": ".join([*parts, self.problem.in_(language)])
        return f"{line}; {self.remedy.in_(language)}" if self.remedy else line


def _arrived(kind: type[ZhubaoError], args: tuple[object, ...], values: dict[str, object]) -> ZhubaoError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(values)
    return error
