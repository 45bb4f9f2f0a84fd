"""What a process must do first that was forked from one with open database connections."""

from contextlib import suppress

from django.db import connections


def drop_inherited_connections() -> None:
    """Let go of every connection the parent had open, without a word to the server: the next query opens one of our own.

    Closing them before the fork is not enough. Django keeps connections by thread or by running event loop, a forked process has no
    running loop, and so it may find one that its parent never saw; two processes on one socket block each other for ever.
    """
    for alias in connections:
        # Nothing was open under this name where it raises.
        with suppress(AttributeError):
            del connections[alias]
