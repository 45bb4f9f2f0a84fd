"""What no linter sees of the tables: foreign keys written as strings, migrations that were forgotten."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

PROJECT = Path(__file__).resolve().parents[2]


def layers() -> dict[str, int]:
    """Return each package's height in the layers of pyproject.toml, the lowest is 0."""
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    lines = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {name.strip(" ()"): height for height, line in enumerate(reversed(lines)) for name in line.split("|")}


def ours() -> list[str]:
    """Return the names of our Django apps below `zhubao`."""
    return [config.name.removeprefix("zhubao.") for config in apps.get_app_configs() if config.name.startswith("zhubao.")]


@pytest.mark.django_db
def test_every_model_has_its_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_foreign_keys_point_down_the_layers() -> None:
    height = layers()
    upward = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model in apps.get_models()
        if (here := model.__module__.split(".")).pop(0) == "zhubao"
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and isinstance(field.related_model, type)
        if (there := field.related_model.__module__.split(".")).pop(0) == "zhubao"
        if here[0] != there[0] and height[there[0]] >= height[here[0]]
    ]
    assert upward == []


def test_apps_are_installed_lowest_first() -> None:
    height = layers()
    known = [height[name] for name in ours() if name in height]
    assert all(lower <= upper for lower, upper in pairwise(known)), ours()
