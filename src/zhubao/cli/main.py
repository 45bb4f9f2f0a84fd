"""Entry point of the `zhubao` command: finds the subcommand, loads only that one, turns errors into one line and a status."""

import sys
from typing import NoReturn

import click

from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text

from .lazy import LazyGroup

# Subcommand → module that defines it.
COMMANDS = {
    "retirement": "zhubao.cli.pension:retirement",
    "pension": "zhubao.cli.pension:pension",
    "assess": "zhubao.cli.assess:assess",
    "policies": "zhubao.cli.policies:policies",
    "screen": "zhubao.cli.screen:screen",
    "loan": "zhubao.cli.loan:loan",
    "parameters": "zhubao.cli.parameters:parameters",
    "install": "zhubao.cli.installation:install",
    "regions": "zhubao.cli.installation:regions",
    "demo": "zhubao.cli.operations:demo",
    "run": "zhubao.cli.operations:run",
    "serve": "zhubao.cli.operations:serve",
    "worker": "zhubao.cli.operations:worker",
    "backup": "zhubao.cli.operations:backup",
    "restore": "zhubao.cli.operations:restore",
    "verify": "zhubao.cli.operations:verify",
    "month-end": "zhubao.cli.month_end:month_end",
    "account-interest": "zhubao.cli.account_interest:account_interest",
    "plan": "zhubao.cli.plan:plan",
    "receive": "zhubao.cli.receive:receive",
}


@click.group(cls=LazyGroup, modules=COMMANDS)
@click.version_option(package_name="zhubao")
def cli() -> None:
    """Pension-contribution loans and contributions on behalf, decided clause by clause (助保通)."""


def language_asked(arguments: list[str]) -> Language:
    """Return the language of messages: Chinese unless ``--lang en`` stands among the arguments."""
    for at, argument in enumerate(arguments):
        if argument == "--lang=en" or (argument == "--lang" and arguments[at + 1 : at + 2] == ["en"]):
            return "en"
    return "zh"


def main() -> NoReturn:
    """Run the command line; exit 0 (answered), 1 (the answer is "no", or rows were rejected) or 2 (bad input: one line of reason)."""
    try:
        # Not cli.main: on Ctrl-C it puts an empty line of its own before ours.
        with cli.make_context("zhubao", sys.argv[1:]) as context:
            result = cli.invoke(context)
    except click.exceptions.Exit as asked:
        sys.exit(asked.exit_code)
    except ZhubaoError as error:
        _refuse(error)
    except click.ClickException as error:
        from zhubao.cli.usage import usage_problem

        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
        _refuse(ZhubaoError("E-USAGE", usage_problem(error), place=where))
    except (click.exceptions.Abort, KeyboardInterrupt, EOFError):
        _refuse(ZhubaoError("E-STOPPED", Text("已中断", "stopped")))
    sys.exit(result if isinstance(result, int) else 0)


def _refuse(error: ZhubaoError) -> NoReturn:
    """Print the reason on one line, whatever line breaks a key or a file name brought with it, and exit 2."""
    line = " ".join(error.message(language_asked(sys.argv[1:])).splitlines())
    click.echo(f"zhubao: {line}".encode("utf-8", "backslashreplace").decode(), err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
