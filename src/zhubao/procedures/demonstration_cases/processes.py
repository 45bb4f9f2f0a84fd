"""Processes that fill counties side by side. Nothing of Django may be imported here before a process has set it up."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def set_up() -> None:
    """Have Django ready in a process of its own."""
    import django

    django.setup()


def pool(jobs: int) -> ProcessPoolExecutor:
    """Return so many fresh processes, each with Django ready; none shares a connection with this one."""
    return ProcessPoolExecutor(jobs, get_context("spawn"), set_up)
