"""Registers of apps above this one: each joins with the one fact it knows, for one person and for many alike."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .providers import Fact

# Keys of persons and a day → what the register says of each; somebody it leaves out is unknown.
Register = Callable[[Sequence[int], date], "Mapping[int, Fact]"]
REGISTERS: dict[str, Register] = {}


def join(key: str, register: Register) -> None:
    """Let a register answer a key of a person's record; ValueError when another answers it already."""
    if REGISTERS.setdefault(key, register) is not register:
        raise ValueError(f"{key!r} is answered by another register")
