"""Switching a county on: an empty database becomes a production one, and nothing else does."""

from datetime import UTC, date, datetime

import pytest

from zhubao.access.actors import Actor
from zhubao.access.audit import broken_links
from zhubao.access.installation import Installed, install, region_chain
from zhubao.access.models import AuditEntry, Installation, Post, Region, User
from zhubao.access.regions import RegionFile, import_regions, read_regions, short_code
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError

from .tables import tables

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
SYSTEM = Actor.system("test")
TOWNS = "code,name\n500243101000,汉葭街道\n500243101001,河堡社区\n"


def installed(code: str = "500243", regions: RegionFile | None = None, password: str = "k7mp-2xqd-9hta-vw4e") -> Installed:
    return install(
        code, "社会保险事务中心", username="admin", person="管理员", password=password, must_change=True, regions=regions, now=NOW
    )


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("500243", {"50": "重庆市", "5002": "", "500243": "彭水苗族土家族自治县"}),
        ("320682", {"32": "江苏省", "3206": "南通市", "320682": "如皋市"}),
        ("3607", {"36": "江西省", "3607": "赣州市"}),
    ],
    ids=["直辖市的县", "县级市", "设区市"],
)
def test_a_region_brings_what_is_above_it(code: str, chain: dict[str, str]) -> None:
    assert region_chain(code, TODAY) == chain


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("32068", "E-REGION-CODE"),
        ("320600", "E-REGION-CODE"),
        ("如皋", "E-REGION-CODE"),
        ("320602", "E-REGION-PAST"),
    ],
    ids=["五位", "补零", "名称", "已撤销的崇川区旧码"],
)
def test_codes_that_no_county_is_set_up_with(code: str, fault: str) -> None:
    with pytest.raises(ZhubaoError, match=f"^{fault}:"):
        region_chain(code, TODAY)


@pytest.mark.django_db
def test_an_empty_database_is_set_up_for_real() -> None:
    done = installed()
    assert done.regions == {"50": "重庆市", "500243": "彭水苗族土家族自治县"}
    assert Installation.objects.get().demonstration is False
    post = Post.objects.get()
    assert (post.role, post.scope_id, post.organisation.name) == (Role.AGENCY_ADMINISTRATOR, "500243", "社会保险事务中心")
    assert (post.user.username, post.user.region_id, post.user.must_change_password) == ("admin", "500243", True)
    assert Region.objects.get(code="500243").parent_id == "50"
    assert AuditEntry.objects.filter(actor_name="install").count() == AuditEntry.objects.count() > 0
    assert list(broken_links()) == []


def refuse(fault: str, code: str = "500243", regions: RegionFile | None = None, password: str = "k7mp-2xqd-9hta-vw4e") -> None:
    """Try to install; nothing may be changed."""
    before = tables()
    with pytest.raises(ZhubaoError, match=f"^{fault}:"):
        installed(code, regions, password)
    assert tables() == before


@pytest.mark.django_db
def test_twice_is_refused() -> None:
    installed()
    refuse("E-INSTALLED")
    refuse("E-INSTALLED", "320682")


@pytest.mark.usefixtures("county")
def test_a_demonstration_is_refused() -> None:
    refuse("E-DEMONSTRATION")


@pytest.mark.django_db
def test_a_database_with_people_is_refused() -> None:
    User.objects.create(username="somebody", name="某人")
    refuse("E-INSTALLED")


@pytest.mark.django_db
def test_faults_leave_nothing() -> None:
    refuse("E-REGION-UNKNOWN", "460105")
    refuse("E-PASSWORD", password="1234567890")
    refuse("E-REGIONS", regions=read_regions(b"code,name\n5,x\n", "f.csv"))
    refuse("E-REGIONS", regions=read_regions("code,name\n360102001,外地\n".encode(), "f.csv"))


@pytest.mark.django_db
def test_the_file_names_what_the_table_lacks_and_adds_townships() -> None:
    named = "code,name\n460000,海南省\n460100,海口市\n460105,秀英区\n460105001,长流镇\n".encode()
    done = installed("460105", read_regions(named, "f.csv"))
    assert done.regions == {"46": "海南省", "4601": "海口市", "460105": "秀英区", "460105001": "长流镇"}
    assert Region.objects.get(code="460105001").parent_id == "460105"


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("320000", "32"),
        ("320600", "3206"),
        ("320682", "320682"),
        ("320682108000", "320682108"),
        ("320682000000", "320682"),
        ("320682108201", "320682108201"),
        ("32", "32"),
        ("320682100", "320682100"),
        ("乱写", "乱写"),
    ],
)
def test_filling_noughts_are_taken_off(code: str, short: str) -> None:
    assert short_code(code) == short


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TOWNS.encode(), id="UTF-8"),
        pytest.param(TOWNS.encode("utf-8-sig"), id="UTF-8 BOM"),
        pytest.param(TOWNS.replace("code,name", "名称,代码").replace("500243101000,汉葭街道", "汉葭街道,500243101000")
                     .replace("500243101001,河堡社区", "河堡社区,500243101001").encode("gb18030"), id="GB18030·列序不同"),
        pytest.param(TOWNS.replace("\n", "\r\n\r\n").encode(), id="空行"),
    ],
)  # fmt: skip
def test_files_as_they_come(content: bytes) -> None:
    read = read_regions(content, "f.csv")
    assert read.faults == []
    assert [(line.code, line.name) for line in read.lines] == [("500243101", "汉葭街道"), ("500243101001", "河堡社区")]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        pytest.param("a,b\n1,2\n", ["E-REGION-COLUMNS f.csv:1"], id="没有表头"),
        pytest.param("", ["E-REGION-COLUMNS f.csv:1"], id="空文件"),
        pytest.param("code,name\n", ["E-REGION-FILE f.csv:1"], id="只有表头"),
        pytest.param("code,name\n5002431,坏\n500243101,\n", ["E-REGION-CODE f.csv:2", "E-REGION-NAME f.csv:3"], id="代码和名称"),
        pytest.param("code,name\n500243101,甲\n500243101000,乙\n", ["E-REGION-TWICE f.csv:3"], id="一码两名"),
        pytest.param("code,name\n500243101\n", ["E-REGION-NAME f.csv:2"], id="缺一列"),
        pytest.param("code,name\n500243101,甲\n500243101000,甲\n", [], id="重复而相同"),
    ],
)
def test_faults_by_line(text: str, faults: list[str]) -> None:
    assert [f"{fault.code} {fault.place}" for fault in read_regions(text.encode(), "f.csv").faults] == faults


@pytest.mark.django_db
def test_an_import_adds_renames_and_may_be_repeated() -> None:
    installed()
    file = read_regions(TOWNS.encode(), "f.csv")
    assert import_regions(file, place="f.csv", actor=SYSTEM, now=NOW).added == 2
    entries = AuditEntry.objects.count()
    again = import_regions(file, place="f.csv", actor=SYSTEM, now=NOW)
    assert (again.added, again.renamed, again.unchanged) == (0, 0, 2)
    assert AuditEntry.objects.count() == entries, "nothing done, nothing noted"
    other = read_regions(TOWNS.replace("河堡", "新河堡").encode(), "f.csv")
    assert import_regions(other, place="f.csv", actor=SYSTEM, now=NOW).renamed == 1
    entry = AuditEntry.objects.latest("pk")
    assert entry.before == {"names": {"500243101001": "河堡社区"}}
    assert entry.after["names"] == {"500243101001": "新河堡社区"}


@pytest.mark.django_db
def test_a_village_without_its_township_goes_under_the_county_and_a_stranger_nowhere() -> None:
    installed()
    import_regions(read_regions("code,name\n500243102001,某村\n".encode(), "f"), place="f", actor=SYSTEM, now=NOW)
    assert Region.objects.get(code="500243102001").parent_id == "500243"
    with pytest.raises(ZhubaoError, match=r"^E-REGIONS:"):
        import_regions(read_regions("code,name\n360102001,外地\n".encode(), "f"), place="f", actor=SYSTEM, now=NOW)
