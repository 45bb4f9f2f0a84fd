"""Synthetic people and papers the tests print; names short, long and rare."""

from datetime import date

from zhubao.documents.agreements import DrawConfirmation, LoanAgreementSummary
from zhubao.documents.charts import Phase, debt_over_time, pension_use
from zhubao.documents.decisions import CommitteeNotice, PublishedPerson, TerminationDecision
from zhubao.documents.jiangxi_forms import JiangxiApplication
from zhubao.documents.leaflet import BigFigure, Leaflet, WordedAmount
from zhubao.documents.lists import BankRoster, RosterRow, YearlyAmount, YearlyAmountList
from zhubao.documents.rugao_forms import (
    AgencyOpinion,
    BankOpinion,
    CommitteeOpinion,
    FamilyMember,
    RenewalOpinion,
    RugaoApplication,
    RugaoRenewal,
)

LONG_NAME = "阿卜杜热合曼·买买提依明·吐尔逊江"
RARE_NAME = "龚䶮𬱟"
NUMBER = "320682197106042043"
FAMILY = tuple(FamilyMember(f"家人{index}", 10 + index, "子女", "某厂", f"1390000{index:04d}") for index in range(12))

APPLICATION = RugaoApplication(
    date=date(2021, 10, 8),
    number="RG-2021-00001",
    name="沈志远",
    sex="女",
    born=date(1971, 6, 4),
    citizen_number=NUMBER,
    phone="13800000000",
    address="如皋市如城街道城南社区 12 组 34 号",
    household_place="如皋市如城街道",
    former_employer="第二棉纺厂",
    family=FAMILY[:3],
    hardships=frozenset({"dibao", "severe_disability"}),
    signed=date(2021, 10, 9),
    committee=CommitteeOpinion("城南社区居民委员会", "城乡最低生活保障对象", "周某", date(2021, 10, 19)),
    agency=AgencyOpinion("如皋市社会保险管理中心", date(2026, 3, 1), 48, 3_840_000, "吴某", date(2021, 10, 26)),
    bank=BankOpinion("某农村商业银行", True, "郑某", date(2021, 11, 2)),
)
RENEWAL = RugaoRenewal(
    date=date(2022, 10, 8),
    number="RG-2022-00017",
    sequence=3,
    name="沈志远",
    sex="女",
    born=date(1971, 6, 4),
    citizen_number=NUMBER,
    phone="13800000000",
    former_employer="第二棉纺厂",
    address="如皋市如城街道",
    hardships=frozenset({"laid_off"}),
    amount_fen=960_000,
    agency=RenewalOpinion("如皋市社会保险管理中心", "吴某", date(2022, 10, 20), 950_000),
)
JIANGXI = JiangxiApplication(
    date=date(2027, 3, 10),
    name=RARE_NAME,
    sex="男",
    born=date(1969, 6, 30),
    citizen_number="360721196906300017",
    phone="13800000000",
    household_place="江西省赣州市赣县区",
    insured_place="赣县区",
    address="赣县区梅林镇",
    paid_months=148,
    last_paid_month=date(2026, 12, 1),
    pension_month=date(2030, 7, 1),
    months_left=40,
    first_pension_fen=142_050,
    need_fen=3_360_000,
    card_bank="某银行",
    card_account="6217000000000000001",
    channel="ganfutong",
    hardships=frozenset({"urban_dibao"}),
    office="赣县区社会保险服务中心",
    loan_qualified=True,
)
AGREEMENT = LoanAgreementSummary(
    date=date(2027, 3, 10),
    number="XY-2027-00031",
    programme="江西省企业职工基本养老保险助保贷款",
    borrower=LONG_NAME,
    citizen_number="360721196906300017",
    phone="13800000000",
    address="赣县区梅林镇",
    bank="某银行赣县支行",
    card_account="6217000000000000001",
    need_fen=3_360_000,
    amount_fen=3_360_000,
    years=4,
    disbursement="每年一次，划入社会保障卡账户",
    rate_ppm=38_500,
    rate_basis="签订日一年期贷款市场报价利率",
    day_count="实际天数／360",
    method="按月扣划养老金",
    instalment_fen=60_000,
    limit="扣划后养老金不低于当年当地城镇低保标准",
    subsidised=True,
    co_borrower="何某",
    guarantor="张某",
)
DRAW = DrawConfirmation(
    date=date(2027, 3, 10),
    loan_number="XY-2027-00031",
    borrower=RARE_NAME,
    citizen_number="360721196906300017",
    year=2027,
    sequence=1,
    months=12,
    cap_fen=840_000,
    amount_fen=840_000,
    rate_ppm=38_500,
    payee=RARE_NAME,
    payee_account="6217000000000000001",
    bank="某银行赣县支行",
    drawn=date(2027, 3, 10),
)
TERMINATION = TerminationDecision(
    date=date(2027, 5, 20),
    number="赣县社保终〔2027〕3号",
    borrower=RARE_NAME,
    citizen_number="360721196906300017",
    loan_number="XY-2027-00031",
    drawn=date(2027, 3, 10),
    drawn_fen=840_000,
    due=date(2027, 3, 20),
    reminders=(date(2027, 3, 22), date(2027, 4, 20)),
    basis="赣人社规〔2020〕7号三（一）",
    ends=date(2027, 5, 20),
    principal_left_fen=840_000,
    remedy="如有异议，可在收到之日起 60 日内申请复查。",
    office="赣县区社会保险服务中心",
)
NOTICE = CommitteeNotice(
    date=date(2021, 10, 11),
    programme="“阳光扶贫”助保贷款",
    people=(PublishedPerson("沈志远", NUMBER, "城乡最低生活保障对象"), PublishedPerson(RARE_NAME, NUMBER, "下岗失业人员")),
    first_day=date(2021, 10, 12),
    last_day=date(2021, 10, 18),
    office="城南社区居民委员会",
    phone="0513-00000000",
    address="城南路 1 号",
)
ROSTER = BankRoster(
    date=date(2021, 11, 30),
    number="HMC-2021-01",
    office="某农村商业银行",
    borrowers=(
        RosterRow("沈志远", NUMBER, 3_840_000, 49_000, 60, "RG-2021-00001", date(2021, 11, 5), "城乡低保"),
        RosterRow(LONG_NAME, "320682197002282027", 960_050, 47_500, 12, "=1+1", date(2021, 11, 8), "下岗失业"),
    ),
    bank="某农村商业银行",
    period="2021 年第四季度",
)
YEARLY = YearlyAmountList(
    date=date(2022, 7, 1),
    office="如皋市社会保险管理中心",
    year=2022,
    bank="某农村商业银行",
    amounts=(YearlyAmount("沈志远", NUMBER, 2022, 12, 400_000, "最低档", 960_000, "320601000000000001"),),
)
LEAFLET = Leaflet(
    date=date(2026, 11, 21),
    programme="如皋 · “阳光扶贫”助保贷款",
    answers=(("出生年月", "1971年6月"), ("已缴费", "12年4个月")),
    figures=(
        BigFigure("一共借", "27,648.00 元", "政府贴利息 1,083.52 元"),
        BigFigure("退休后每月扣", "612.40 元", "到手还有 998.60 元"),
        BigFigure("还清", "2033 年 7 月", "共 49 个月"),
    ),
    pension=pension_use(2029 * 12 + 6, [99_860] * 49 + [161_100] * 44, [61_240] * 49 + [0] * 44),
    debt=debt_over_time(2024 * 12 + 6, [570_000] * 60 + [0], [Phase("逐年放款", 2024 * 12 + 6)]),
    amounts=(WordedAmount("贷款总额", 2_764_800), WordedAmount("政府贴息", 108_352)),
    uncertain=("养老金按今天的规定估算，以退休时核定的为准。",) * 6,
    address="http://127.0.0.1:8000/calculator",
)
EVERY_FORM = (APPLICATION, RENEWAL, JIANGXI, AGREEMENT, DRAW, TERMINATION, NOTICE, ROSTER, YEARLY, LEAFLET)
