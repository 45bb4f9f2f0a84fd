"""Migrations carried out quickly leave what Django's own way leaves: the models in between, and the tables."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import models
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, AlterField, CreateModel, RemoveField
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState, StateApps

from tests.conftest import QUICK
from zhubao.config import embedded_database
from zhubao.config.database_address import uses_embedded_server
from zhubao.config.migrating import QuickState

STEPS: list[Operation] = [
    CreateModel("Village", [("id", models.BigAutoField(primary_key=True)), ("code", models.CharField(max_length=12))]),
    CreateModel(
        "Person",
        [("id", models.BigAutoField(primary_key=True)), ("village", models.ForeignKey("people.Village", models.PROTECT))],
    ),
    AddField("person", "born", models.DateField(null=True)),
    AddField("village", "head", models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="headed")),
    AddField("person", "fee", models.BigIntegerField(default=0), preserve_default=False),
    CreateModel(
        "Loan", [("id", models.BigAutoField(primary_key=True)), ("person", models.ForeignKey("people.Person", models.PROTECT))]
    ),
    AddField("loan", "guarantors", models.ManyToManyField("people.Person", related_name="guarantees")),
    AddConstraint("person", models.CheckConstraint(condition=models.Q(fee__gte=0), name="fee_not_negative")),
    AddIndex("loan", models.Index(fields=["person"], name="loans_by_person")),
    AlterField("village", "code", models.CharField(max_length=20, unique=True)),
    AddField("loan", "village", models.ForeignKey("people.Village", models.PROTECT, null=True)),
    RemoveField("person", "born"),
    AddConstraint("loan", models.UniqueConstraint(fields=["person", "village"], name="one_loan")),
]
MIGRATE = """
from contextlib import nullcontext
import django
django.setup()
from django.core.management import call_command
from zhubao.config.migrating import quickly
with {}:
    call_command("migrate", verbosity=0)
"""


def made(apps: StateApps) -> dict[str, Any]:
    """Return what can be asked of the models of a registry."""
    return {
        model.__name__: (
            sorted((field.name, type(field).__name__, str(field.related_model)) for field in model._meta.get_fields()),
            sorted(relation.name for relation in model._meta.related_objects),
            {field.name: field.get_default() for field in model._meta.concrete_fields},
            sorted(constraint.name for constraint in model._meta.constraints),
            [index.name for index in model._meta.indexes],
        )
        for model in apps.get_models(include_auto_created=True)
    }


def test_the_models_after_each_step_are_the_same() -> None:
    usual, quick = ProjectState(), QuickState()
    assert made(usual.apps) == made(quick.apps) == {}
    for step in STEPS:
        before = quick.clone()
        for state in (usual, quick):
            step.state_forwards("people", state)
        assert quick == usual
        assert made(quick.apps) == made(usual.apps) == made(ProjectState(usual.models).apps), step.describe()
        assert before.models.keys() <= quick.models.keys()
    assert {"guarantees", "headed", "loan"} <= {
        relation.name for relation in quick.apps.get_model("people", "Person")._meta.related_objects
    }


def test_a_standing_table_gets_a_column_that_leads_to_a_new_table() -> None:
    standing = ProjectState()
    for step in STEPS[:2]:
        step.state_forwards("people", standing)
    assert made(standing.apps)
    quick = QuickState.of(standing.clone())
    assert made(quick.apps)
    CreateModel("Roster", [("id", models.BigAutoField(primary_key=True))]).state_forwards("people", quick)
    AddField("person", "roster", models.ForeignKey("people.Roster", models.PROTECT, null=True)).state_forwards("people", quick)
    person, roster = (quick.apps.get_model("people", name) for name in ("Person", "Roster"))
    assert person._meta.get_field("roster").related_model is roster


@pytest.fixture
def databases() -> Iterator[list[str]]:
    """Return the names of two empty databases of the embedded server."""
    if not uses_embedded_server():
        pytest.skip("makes databases of its own; DATABASE_URL names one")
    server = embedded_database.start(*QUICK)
    names = [f"test_zhubao_{os.getpid()}_{way}" for way in ("usual", "quick")]
    with psycopg.connect(host=str(embedded_database.socket_folder()), user="postgres", dbname="postgres", autocommit=True) as at:
        for name in names:
            at.execute(f'CREATE DATABASE "{name}"')
        yield names
        for name in names:
            at.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    server.stop()


@pytest.mark.long
def test_the_tables_are_the_same(databases: list[str]) -> None:
    ways = ["nullcontext()", "quickly()"]
    socket, dump = str(embedded_database.socket_folder()), embedded_database.programs() / "pg_dump"
    tables = []
    for name, way in zip(databases, ways, strict=True):
        environment = {**os.environ, "DATABASE_URL": f"postgresql://postgres@/{name}?host={socket}"}
        subprocess.run([sys.executable, "-c", MIGRATE.format(way)], env=environment, check=True)
        written = [str(dump), "--schema-only", "--restrict-key=same", "--host", socket, "--username", "postgres", name]
        tables.append(subprocess.run(written, capture_output=True, text=True, check=True).stdout)
    assert tables[0].count("CREATE TABLE") > 150
    assert tables[1] == tables[0]
