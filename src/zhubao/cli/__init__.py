"""The `zhubao` command."""
