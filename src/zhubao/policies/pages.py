"""The coverage of each document as a Markdown page: clause → what carries it out → tests → status, missing ones first."""

from .coverage import ROLE_WORDS, STATUS_WORDS, Evidence, Status, report
from .register import Clause, Document, clauses, documents

_HEAD = "| 条款 Clause | 条文 Article | 要点 | In short | 由谁实现 Carried out by | 测试 Tests | 状态 Status |\n|---|---|---|---|---|---|---|"
_ORDER: tuple[Status, ...] = ("missing", "covered", "not_computable")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _carried_out(clause: Clause, found: Evidence) -> str:
    return "<br>".join(f"{ROLE_WORDS[each.role].zh} {each.role} `{each.by}`" for each in found.claims.get(clause.id, ()))


def clause_row(clause: Clause, found: Evidence) -> str:
    """Return the table row of one clause. Its first four cells depend on the register only."""
    remark = found.remark(clause)
    cells = [
        clause.id,
        clause.article,
        clause.label.zh,
        f"**{clause.label.en}.** {clause.statement}",
        _carried_out(clause, found) or "–",
        "<br>".join(f"`{each}`" for each in found.tests.get(clause.id, ())) or "–",
        f"{remark.zh} {remark.en}",
    ]
    return "| " + " | ".join(_cell(each) for each in cells) + " |"


def _in_force(one: Document) -> str:
    if one.trial:
        return "征求意见稿，仅试算 · draft, trial only"
    return f"{one.in_force_from} – {one.in_force_to or ''}".rstrip()


def page(one: Document, found: Evidence) -> str:
    """Return the page of one document."""
    figures = report(one.policy, found)["documents"][0]
    lines = [
        f"# {one.title.zh}",
        "",
        f"{one.title.en} · `{one.policy}`",
        "",
        f"- 文号 Number: {one.number or '–'}",
        f"- 印发 Published: {one.published or '–'}",
        f"- 施行 In force: {_in_force(one)}",
        f"- 条款 Clauses: {figures['clauses']}，已覆盖 covered {figures['covered']}，"
        f"不可计算 not computable {figures['not_computable']}，未覆盖 missing {figures['missing']}",
        "",
        "由 `zhubao policies document` 生成，勿手改。 Generated, not edited by hand. 要点是本项目自己的话，不是原文。 The words are ours.",
    ]
    for status in _ORDER:
        rows = [clause_row(each, found) for each in clauses(one.policy) if found.status(each) == status]
        if rows:
            lines += ["", f"## {STATUS_WORDS[status].zh} {STATUS_WORDS[status].en}", "", _HEAD, *rows]
    return "\n".join(lines) + "\n"


def index(found: Evidence) -> str:
    """Return the index page with the figures of all documents."""
    result = report(found=found)
    titles = {each.policy: each.title for each in documents()}
    lines = [
        "# 条款与实现对照 · Clause coverage",
        "",
        "每条规定由哪条规则、状态、操作或功能落实，由哪个测试证明。 What carries out each clause, and the test that shows it.",
        "“已覆盖”＝至少有一处实现，并且至少有一个通过的测试点名。 Covered = claimed, and named by a passing test.",
        "",
        "| 文件 Document | 条款 Clauses | 已覆盖 Covered | 不可计算 Not computable | 未覆盖 Missing |",
        "|---|---|---|---|---|",
    ]
    for row in result["documents"]:
        title = titles[row["policy"]]
        link = f"[{title.zh}]({row['policy']}.md)<br>{title.en}"
        lines.append(f"| {link} | {row['clauses']} | {row['covered']} | {row['not_computable']} | {row['missing']} |")
    total = result["total"]
    lines.append(
        f"| 合计 Total | {total['clauses']} | {total['covered']} | {total['not_computable']} | {total['missing']} |",
    )
    return "\n".join(lines) + "\n"


def pages(found: Evidence) -> dict[str, str]:
    """Return file name → text of the index and of one page for each document."""
    return {"index.md": index(found), **{f"{each.policy}.md": page(each, found) for each in documents()}}
