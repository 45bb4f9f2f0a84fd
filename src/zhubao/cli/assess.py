"""`zhubao assess`: one person, one policy, one day; every clause with its value and source."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from zhubao.cli.output import output_options, print_json, read_json_object
from zhubao.cli.words import (
    VERDICTS,
    amount_words,
    code_words,
    missing_words,
    provisional_words,
    unverified_words,
    value_words,
)
from zhubao.language import Language, Text
from zhubao.parameters import ParameterBook
from zhubao.parameters.local import read_local_file
from zhubao.policies import MODULES, judge_of
from zhubao.policies.judging import as_json as result_json
from zhubao.policies.judging import parse_day
from zhubao.rules.assessment import Assessment
from zhubao.rules.verdicts import Verdict


@click.command()
@click.argument("person", type=click.Path(path_type=Path))
@click.option("--policy", "policy_id", required=True, help=f"One of: {', '.join(MODULES)}.")
@click.option("--on", "on", required=True, help="The day asked about, e.g. 2026-10-12.")
@click.option("--parameters", type=click.Path(path_type=Path), help="Local figures and settings (csv).")
@output_options
def assess(person: Path, policy_id: str, on: str, parameters: Path | None, as_json: bool, lang: Language) -> int:
    """Judge PERSON.json by one policy on one day; exit 1 when the verdict is "not met"."""
    book = ParameterBook.built_in()
    if parameters is not None:
        book = book.over(read_local_file(parameters))
    judge = judge_of(policy_id)
    day: date = parse_day(on)
    assessment = judge(read_json_object(person), on=day, book=book)
    if as_json:
        print_json(result_json(assessment, lang))
    else:
        click.echo("\n".join(readable_lines(assessment, lang)))
    return int(assessment.outcome is Verdict.NOT_MET)


def readable_lines(assessment: Assessment, language: Language) -> list[str]:
    """Return the result as lines for reading: the verdict, each clause, amounts, what is missing and what is provisional."""

    result: dict[str, Any] = result_json(assessment, language)
    policy = assessment.compiled.policy

    def say(zh: str, en: str) -> str:
        return Text(zh, en).in_(language)

    trial = say("（试运行，不作正式决定）", " (trial: decides nothing)") if result.get("trial") else ""
    lines = [f"{result['policy']}  {result['as_of']}  {VERDICTS[result['verdict']].in_(language)}{trial}"]
    if result["categories"]:
        named = say("、", ", ").join(code_words(each, policy, language) for each in result["categories"])
        lines.append(f"  {say('类别', 'category')}: {named}")
    if result["payer"]:
        lines.append(f"  {say('支付方', 'paid by')}: {code_words(result['payer'], policy, language)}")
    if len(result["decisions"]) > 1:
        names = {"loan": Text("贷款资格", "loan"), "subsidy": Text("贴息资格", "interest subsidy")}
        for name, verdict in result["decisions"].items():
            lines.append(f"  {names[name].in_(language)}: {VERDICTS[verdict].in_(language)}")
    for clause, row in zip(assessment.clauses, result["clauses"], strict=True):
        indent = "    " if row["part_of"] else "  "
        # "not deceased · no" would say the contrary to a hasty reader; the verdict of an exclusion says it all.
        silent = row["value"] is None or (row["kind"] == "exclusion" and isinstance(row["value"], bool))
        value = "" if silent else f" · {value_words(row['value'], clause.unit, policy, language)}"
        source = f" · {row['source']}" if row["source"] else ""
        remark = f" · {row['remark']}" if row.get("remark") else ""
        lines.append(
            f"{indent}[{VERDICTS[row['verdict']].in_(language)}] {row['article']} {row['id']} {row['label']}{value}{source}{remark}"
        )
    undecided = bool(assessment.undecided) and not assessment.unknown
    lines += [f"  {amount_words(key, amount, language, undecided=undecided)}" for key, amount in result["amounts"].items()]
    for row in result["missing"]:
        lines.append(
            f"  {say('缺', 'missing')}: {missing_words(row, policy, language)} ({', '.join(row['needed_by'])}) — {row['remedy']}"
        )
    for row in result["provisional"]:
        decides = say(f"由{row['decider']}决定", f"decided by {row['decider']}")
        lines.append(f"  {provisional_words(row, policy, language)} — {decides}")
    lines += [f"  {unverified_words(row, policy, language)}" for row in result["unverified"]]
    return lines
