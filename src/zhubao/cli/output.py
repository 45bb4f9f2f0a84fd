"""What every subcommand shares: the options `--json` and `--lang`, reading a JSON object, printing one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from zhubao.errors import ZhubaoError
from zhubao.language import Text

Command = TypeVar("Command", bound=Callable[..., Any])


def output_options(command: Command) -> Command:
    """Add `--json` (one object on stdout and nothing else) and `--lang zh|en` to a subcommand."""
    command = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout and nothing else.")(command)
    return click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)(command)


def read_json_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in `path`; raise E-FILE-MISSING, E-JSON or E-JSON-OBJECT naming the file and the line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ZhubaoError(
            "E-JSON",
            Text("不是 UTF-8 文本", "not UTF-8 text"),
            place=str(path),
            remedy=Text("存为 UTF-8", "save it as UTF-8"),
        ) from error
    except (OSError, ValueError) as error:
        raise ZhubaoError(
            "E-FILE-MISSING",
            Text("读不到这个文件", "the file cannot be read"),
            place=str(path),
            remedy=Text("检查路径和权限", "check the path and its permissions"),
        ) from error
    try:
        # A float would lose fen in silence; parse_float sees only literals with a point or an exponent.
        value = json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        raise ZhubaoError(
            "E-JSON",
            Text("不是有效的 JSON", f"not valid JSON: {error.msg}"),
            place=f"{path}:{error.lineno}:{error.colno}",
        ) from error
    except (RecursionError, ValueError) as error:
        raise ZhubaoError(
            "E-JSON",
            Text("嵌套太深或数字太长", "nested too deeply, or a number too long"),
            place=str(path),
        ) from error
    if not isinstance(value, dict):
        raise ZhubaoError("E-JSON-OBJECT", Text("最外层应是一个对象", "the outermost value must be an object"), place=str(path))
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build the object, refusing a key that stands twice: which of the two was meant cannot be known."""
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise ZhubaoError("E-JSON-KEY-TWICE", Text("同一个键出现两次", "the key stands twice in one object"), place=key)
        result[key] = value
    return result


def print_json(value: object) -> None:
    """Print `value` as one JSON object on stdout, Chinese unescaped."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))
