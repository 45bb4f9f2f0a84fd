"""The course of a case as a table: states, who may do what from which, by when and under which clause. No database, no web."""

from .apart import same_person, wrong_state
from .diagram import draw
from .process import CITIZEN, Due, Process, State, Transition

__all__ = ["CITIZEN", "Due", "Process", "State", "Transition", "draw", "same_person", "wrong_state"]
