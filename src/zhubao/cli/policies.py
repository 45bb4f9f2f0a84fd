"""`zhubao policies`: the policy documents, their clauses, and how far the product covers them."""

import os
import tempfile
from pathlib import Path
from typing import Any

import click

from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text
from zhubao.policies.claims import ROLES
from zhubao.policies.coverage import ROLE_WORDS, STATUS_WORDS, report, shipped
from zhubao.policies.pages import pages
from zhubao.policies.register import Clause, Document, clauses, document, documents

from .output import output_options, print_json


@click.group()
def policies() -> None:
    """Policy documents, their clauses and what covers them."""


@policies.command()
@click.option("--policy", help="Only this policy.")
@click.option("--strict", is_flag=True, help="Exit 1 when any clause is missing.")
@output_options
def coverage(policy: str | None, strict: bool, as_json: bool, lang: Language) -> int:
    """Count the clauses that a rule, state, action or feature carries out and a passing test names."""
    result = report(policy)
    if as_json:
        print_json(result)
    else:
        for row in result["documents"]:
            click.echo(_figures(row["policy"], row, lang))
            named = [(ROLE_WORDS[role].in_(lang), row["by"][role]) for role in ROLES]
            click.echo("    " + " · ".join(f"{word} {number}" for word, number in named))
            if row["missing_ids"]:
                click.echo(f"    {STATUS_WORDS['missing'].in_(lang)}: {' '.join(row['missing_ids'])}")
        click.echo(_figures(Text("合计", "total").in_(lang), result["total"], lang))
    return int(strict and result["total"]["missing"] > 0)


def _figures(name: str, row: dict[str, Any], lang: Language) -> str:
    words = [f"{word.in_(lang)} {row[status]}" for status, word in STATUS_WORDS.items()]
    return f"{name}: {Text('条款', 'clauses').in_(lang)} {row['clauses']} = {' + '.join(words)}"


@policies.command("list")
@output_options
def list_documents(as_json: bool, lang: Language) -> int:
    """List the policy documents with their time in force."""
    if as_json:
        print_json({"policies": [_described(each) for each in documents()]})
        return 0
    for each in documents():
        click.echo(f"{each.policy:<18} {_time_in_force(each, lang):<24} {each.title.in_(lang)}  {each.number}".rstrip())
    return 0


def _time_in_force(one: Document, lang: Language) -> str:
    if one.trial:
        return Text("征求意见稿", "draft").in_(lang)
    return f"{one.in_force_from}..{one.in_force_to or ''}"


def _described(one: Document) -> dict[str, Any]:
    return {
        "policy": one.policy,
        "prefix": one.prefix,
        "kind": one.kind,
        "scheme": one.scheme,
        "region": one.region,
        "number": one.number or None,
        "published": one.published.isoformat() if one.published else None,
        "in_force_from": one.in_force_from.isoformat() if one.in_force_from else None,
        "in_force_to": one.in_force_to.isoformat() if one.in_force_to else None,
        "trial": one.trial,
        "title": {"zh": one.title.zh, "en": one.title.en},
        "clauses": len(clauses(one.policy)),
    }


@policies.command()
@click.argument("policy")
@output_options
def show(policy: str, as_json: bool, lang: Language) -> int:
    """Show the clauses of a policy in article order: what carries them out, the tests, the status."""
    one = document(policy)
    if as_json:
        print_json({**_described(one), "clauses": [_clause_shown(each) for each in clauses(policy)]})
        return 0
    found = shipped()
    click.echo(f"{one.title.in_(lang)}  {one.number}".rstrip())
    for each in clauses(policy):
        click.echo(f"{each.id}  {each.article}  {each.label.in_(lang)}  [{found.remark(each).in_(lang)}]")
        if lang == "en":
            click.echo(f"    {each.statement}")
        for claim in found.claims.get(each.id, ()):
            click.echo(f"    {ROLE_WORDS[claim.role].in_(lang)}: {claim.by}")
        for test in found.tests.get(each.id, ()):
            click.echo(f"    {Text('测试', 'test').in_(lang)}: {test}")
    return 0


def _clause_shown(clause: Clause) -> dict[str, Any]:
    found = shipped()
    remark = found.remark(clause)
    return {
        "id": clause.id,
        "article": clause.article,
        "kind": clause.kind,
        "actors": list(clause.actors),
        "label": {"zh": clause.label.zh, "en": clause.label.en},
        "statement": clause.statement,
        "features": list(clause.features),
        "computable": clause.computable,
        "parameters": dict(clause.parameters),
        "status": found.status(clause),
        "remark": {"zh": remark.zh, "en": remark.en},
        "claims": [{"role": each.role, "by": each.by} for each in found.claims.get(clause.id, ())],
        "tests": list(found.tests.get(clause.id, ())),
    }


@policies.command("document")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the pages; made when absent.")
@output_options
def write_pages(out: Path, as_json: bool, lang: Language) -> int:
    """Write one Markdown page for each document and an index."""
    texts = pages(shipped())
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            _replace(out / name, text)
    except OSError as error:
        raise ZhubaoError(
            "E-WRITE",
            Text(f"写不进去：{error.strerror}", f"cannot be written: {error.strerror}"),
            place=str(out),
            remedy=Text("检查文件夹和权限", "check the folder and its permissions"),
        ) from error
    if as_json:
        print_json({"outputs": [str(out / name) for name in texts]})
    else:
        click.echo(Text(f"已写 {len(texts)} 个文件到 {out}", f"{len(texts)} files written to {out}").in_(lang))
    return 0


def _replace(path: Path, text: str) -> None:
    """Write under a temporary name beside `path`, then rename: on failure the old file stands."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
        # mkstemp makes the file private; a page is for everybody to read, as a plain open() would leave it.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
