"""A wrong command line said in the user's language: click itself speaks only English."""

import click

from zhubao.language import Text


def usage_problem(error: click.ClickException) -> Text:
    """Return what is wrong with the command line: the option or argument by its name, what was given, what is allowed."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return Text("缺少子命令，用 --help 查看", "a subcommand is missing, see --help")
    english = error.format_message()
    if isinstance(error, click.NoSuchOption):
        return Text(f"没有选项 {error.option_name}", english)
    if isinstance(error, click.BadOptionUsage):
        return Text(f"选项 {error.option_name} 用法不对，可能缺少取值", english)
    if isinstance(error, click.MissingParameter):
        return Text(f"缺少 {_name(error)}", english)
    if isinstance(error, click.BadParameter):
        kind = error.param.type if error.param else None
        allowed = "、".join(kind.choices) if isinstance(kind, click.Choice) else ""
        if isinstance(kind, click.DateTime):
            allowed = "2026-08-31 这样的日期"
        return Text(f"{_name(error)} 的取值不对" + (f"，应为 {allowed}" if allowed else ""), english)
    given = english.partition("'")[2].partition("'")[0]
    if english.startswith("No such command"):
        return Text(f"没有命令 {given}", english)
    if english.startswith("Got unexpected extra argument"):
        return Text("多出的参数：" + english.partition("(")[2].rstrip(")"), english)
    return Text(f"命令写法不对：{english}", english)


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "参数")
    return error.param.opts[0] if isinstance(error.param, click.Option) else error.param.human_readable_name.upper()
