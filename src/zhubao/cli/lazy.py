"""A command group whose subcommands are imported when they are asked for."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """`modules` gives for each subcommand where it is: ``zhubao.cli.loan:loan``; a question about one person must not load Django or an engine."""

    def __init__(self, *arguments: Any, modules: Mapping[str, str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all subcommands in the order they are given in."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the subcommand, or None when there is none of that name."""
        if cmd_name not in self._modules:
            return None
        module, name = self._modules[cmd_name].split(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command
