"""The ways a loan may end, each lived by one borrower of a county when the clock goes forward; the agreement's number names it."""

from dataclasses import dataclass

from zhubao.language import Text


@dataclass(frozen=True)
class Ending:
    """A way to end: its word, how many months after the signing it begins (0: by itself), and what the agreement's number says."""

    word: str
    after: int
    label: Text


REPAID, EARLY, PART, TRANSFER = "repaid", "early", "part", "transfer"
ACCOUNT, FINANCE, FAULT, CLAIM, WRITTEN_OFF = "account", "finance", "fault", "claim", "written_off"
FRAUD = "fraud"
ENDINGS = {
    each.word: each
    for each in (
        Ending(REPAID, 0, Text("养老金还清", "repaid from the pension")),
        Ending(EARLY, 19, Text("提前还清", "repaid early")),
        Ending(PART, 20, Text("部分提前还款", "a part repaid early, the rest from the pension")),
        Ending(TRANSFER, 22, Text("转移养老关系", "repaid early so that the pension relation may move")),
        Ending(ACCOUNT, 24, Text("身故账户足额", "death, the account pays")),
        Ending(FINANCE, 26, Text("身故财政代偿", "death, finance pays the rest")),
        Ending(FAULT, 28, Text("身故银行自担", "death, the bank bears its own fault")),
        Ending(CLAIM, 30, Text("身故追偿收回", "death, the bank's claim is paid")),
        Ending(WRITTEN_OFF, 33, Text("身故追偿核销", "death, the bank's claim is written off")),
        Ending(FRAUD, 36, Text("骗贷追回", "fraud found and recovered")),
    )
}


def named(word: str) -> str:
    """Return what the number of an agreement bears of an ending, nothing where none is planned."""
    return f"-{ENDINGS[word].label.zh}" if word else ""


def ending_of(agreement_number: str) -> Ending | None:
    """Return the ending the number of an agreement names."""
    said = agreement_number.rpartition("-")[2]
    return next((each for each in ENDINGS.values() if each.label.zh == said), None)
