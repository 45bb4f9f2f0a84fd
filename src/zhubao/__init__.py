"""zhubao (助保通): administration of pension-contribution loans and contributions on behalf."""

__version__ = "0.1.0"
