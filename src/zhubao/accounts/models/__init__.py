"""Tables of personal accounts, one module a subject."""

from .account import Account, Batch, Entry, EntryQuerySet, Kind, Lot, Source

__all__ = ["Account", "Batch", "Entry", "EntryQuerySet", "Kind", "Lot", "Source"]
