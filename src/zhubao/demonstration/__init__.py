"""A demonstration county: synthetic people, department rosters with the usual faults, and a marked parameter set.

Nothing here describes a real person. Every file this package writes says so (`DEMONSTRATION_NOTICE`).
"""

from zhubao.language import Text

DEMONSTRATION_NOTICE = Text(
    "演示数据：姓名、号码、金额均为程序虚构，不对应任何真实人员",
    "Demonstration data: names, numbers and amounts are invented by a program and belong to no real person",
)
