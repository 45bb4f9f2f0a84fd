"""`zhubao receive`: take in a file from another office and work through it at once."""

from pathlib import Path

import click

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .operations import installation
from .output import output_options, print_json


@click.command("receive")
@click.argument("file", type=click.Path(path_type=Path))
@output_options
@click.option("--layout", required=True, help="Kind of file, as in the reference of exchange files, or roster.")
@click.option("--region", required=True, help="Region code of the county.")
@click.option("--policy", default="", help="Document; the only loan programme of the place where it is not given.")
@click.option("--from", "sender", default="", help="Sender's name, where the file does not say it.")
@click.option("--to", "receiver", default="", help="Receiver's name, where the file does not say it.")
@click.option("--companion", type=click.Path(path_type=Path), help="The .sha256 file beside it.")
@click.option("--kind", default="", help="What a roster lists, where it does not say so itself.")
@click.option("--as", "by", default="", help="Login in whose name it is handed in; needed for a roster.")
def receive(
    file: Path,
    layout: str,
    region: str,
    policy: str,
    sender: str,
    receiver: str,
    companion: Path | None,
    kind: str,
    by: str,
    as_json: bool,
    lang: str,
) -> int:
    """Take a file in, apply every line, and say what became of it. Exit 1 when it or a line was refused; again changes nothing."""
    beside = _text_of(companion)
    with installation():
        from zhubao.access import clock
        from zhubao.procedures.files_taken_in import Asked, take_file_in

        asked = Asked(file, layout, region, policy, sender, receiver, beside, kind, by)
        done = take_file_in(asked, language="zh" if lang == "zh" else "en", clock=clock.now)
    if as_json:
        print_json(done.result)
    else:
        shown = {name: value for name, value in done.result.items() if not isinstance(value, list | dict)}
        click.echo("  ".join(f"{name} {value}" for name, value in shown.items()))
        for fault in done.result["faults"]:
            click.echo(f"  {fault}")
        for line in done.result.get("refused", ()):
            click.echo(f"  {line['line']} {line['about']}: {line['reason']}")
    return 1 if done.refused else 0


def _text_of(companion: Path | None) -> str:
    if companion is None:
        return ""
    try:
        return companion.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise ZhubaoError(
            "E-FILE-MISSING",
            Text("读不到校验文件", "the companion cannot be read"),
            place=str(companion),
            remedy=Text("检查路径和权限", "check the path and its permissions"),
        ) from error
