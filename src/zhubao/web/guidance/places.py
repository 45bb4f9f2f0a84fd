"""The places guidance knows: whose figures count, which documents help there, which clause tells the office to guide."""

from dataclasses import dataclass

from zhubao.language import Text
from zhubao.web.calculator.programmes import LOANS, ON_BEHALF, LoanPage, OnBehalfPage


@dataclass(frozen=True)
class Place:
    """One place. `province` names the pension formula; `guides` are the clauses behind the advice, document and clause id."""

    id: str
    name: Text
    area_code: str
    province: str
    loan: LoanPage | None
    on_behalf: OnBehalfPage | None
    guides: tuple[tuple[str, str], ...] = ()


PLACES = {
    place.id: place
    for place in (
        Place(
            "ganzhou",
            Text("赣州", "Ganzhou"),
            "360702",
            "jiangxi",
            LOANS["jiangxi-2020-7"],
            ON_BEHALF["ganzhou-2021-7"],
            (("ganzhou-2021-7", "gz-1e"), ("ganzhou-2021-7", "gz-3b"), ("ganzhou-2021-7", "gz-3c")),
        ),
        Place("jiangxi", Text("江西其他地方", "elsewhere in Jiangxi"), "360000", "jiangxi", LOANS["jiangxi-2020-7"], None),
        Place("rugao", Text("如皋", "Rugao"), "320682", "jiangsu", LOANS["rugao-draft"], None),
        Place("tongling", Text("铜陵", "Tongling"), "340700", "anhui", LOANS["tongling-2022-13"], None),
        Place(
            "pengshui",
            Text("彭水", "Pengshui"),
            "500243",
            "chongqing",
            None,
            ON_BEHALF["pengshui-2022"],
            (("pengshui-2022", "ps-3.3b"),),
        ),
    )
}
