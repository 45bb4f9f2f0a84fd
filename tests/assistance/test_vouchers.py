"""Voucher and day of money that moved: the same limits for every act, each refused under its own name."""

from datetime import date

import pytest

from zhubao.assistance.vouchers import CLAIM, RECOVERY, REFUND, SETTLEMENT, Act, require_voucher
from zhubao.errors import ZhubaoError

FIRST, TODAY = date(2022, 10, 8), date(2022, 10, 12)
ACTS = [
    pytest.param(CLAIM, "E-CLAIM", "请填写凭证号", id="申请拨付"),
    pytest.param(REFUND, "E-REFUND", "请填写付款凭证号", id="退费"),
    pytest.param(RECOVERY, "E-RECOVERY", "请填写收款凭证号", id="追回"),
    pytest.param(SETTLEMENT, "E-SETTLEMENT", "请填写凭证号", id="市县结算"),
]


@pytest.mark.parametrize(("act", "name", "words"), ACTS)
def test_voucher_and_day_are_refused_under_the_name_of_the_act(act: Act, name: str, words: str) -> None:
    for reference, on, code, said in (
        ("", FIRST, f"{name}-REFERENCE", words),
        ("  ", FIRST, f"{name}-REFERENCE", words),
        ("1" * 61, FIRST, f"{name}-REFERENCE", words),
        ("国库1", date(2022, 10, 7), f"{name}-DAY", "日期应在 2022-10-08 至 2022-10-12 之间"),
        ("国库1", date(2022, 10, 13), f"{name}-DAY", "日期应在 2022-10-08 至 2022-10-12 之间"),
    ):
        with pytest.raises(ZhubaoError) as refused:
            require_voucher(act, reference, on, first=FIRST, today=TODAY, place="单据1")
        assert (refused.value.code, refused.value.problem.zh, refused.value.place) == (code, said, "单据1")
    for reference, on in ((" 国库1 ", FIRST), ("1" * 60, TODAY)):
        assert require_voucher(act, reference, on, first=FIRST, today=TODAY, place="单据1") == reference.strip()


def test_where_no_day_begins_it_only_a_day_to_come_is_refused() -> None:
    assert require_voucher(REFUND, "退1", date(2001, 1, 1), first=None, today=TODAY, place="") == "退1"
    with pytest.raises(ZhubaoError, match="a day no later than today is needed"):
        require_voucher(REFUND, "退1", date(2022, 10, 13), first=None, today=TODAY, place="")
