"""The letter and the list of a yearly verification on paper."""

from datetime import date

from zhubao.documents.verification import VerificationLetter, VerificationList, VerifiedRow

from .people import LONG_NAME, NUMBER, RARE_NAME
from .reading import pages, read

LETTER = VerificationLetter(
    date=date(2022, 11, 20),
    number="L3-2022",
    title="停止贴息告知书",
    borrower=RARE_NAME,
    citizen_number=NUMBER,
    loan_number="L3",
    year=2022,
    ground="民政部门“城镇低保”名册中已没有您，认定至 2022 年 10 月 14 日",
    outcome="自 2023 年 1 月 1 日起利息由您本人承担。",
    reason="",
    basis="本省助保贷款办法第二条第五项",
    remedy="对结果有异议的，请在收到之日起向经办机构书面提出。",
    office="某县社会保险经办机构",
)


def test_the_letter_says_whom_it_is_for_on_one_page() -> None:
    assert pages(LETTER) == 1
    printed = read(LETTER)
    text = "".join(printed.values)
    for words in (RARE_NAME, NUMBER, "城镇低保", "2023 年 1 月 1 日", "第二条第五项", "异议"):
        assert words in text
    assert printed.boxes == {"当面送达": False, "邮寄送达": False, "留置送达": False}


def test_a_list_of_many_people_goes_over_pages_with_its_heading() -> None:
    row = VerifiedRow(
        LONG_NAME, NUMBER, "L3", "城镇低保", date(2022, 10, 14), "停止贴息", "名册上已没有", date(2023, 1, 1), "待决定"
    )
    made = VerificationList(
        date=date(2022, 11, 20), number="36-2022-1", office="某县社会保险经办机构", year=2022, below="民政部门", rows=(row,) * 60
    )
    assert pages(made) > 1
    assert read(made).values.count("停止贴息") == 60
