"""The forms of the steps, one module per group of posts. Every module here is read in when the addresses are."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
