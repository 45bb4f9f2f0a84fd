"""Django's migrations without making every model anew: two hundred tables that all lead to one another.

For each table, column and constraint a migration adds, Django makes every related model anew. Here nearly all are related (through
users and regions), and that was nine tenths of the minute a new installation waited. What is only added needs no other model made
anew: the registry resolves a new table's or column's references as it is registered, and a constraint or an index changes neither a
field nor a relation. What is altered, renamed or removed goes Django's way. The database gets the same statements.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState, StateApps

if TYPE_CHECKING:
    from django.db.models import Field


class QuickState(ProjectState):
    """The models of a run of migrations, changed in place by what only adds; a copy (`clone`) goes Django's way again."""

    @classmethod
    def of(cls, state: ProjectState) -> "QuickState":
        """Return what a standing database's migrations left, no model made: one made before is bound to the registry it was made
        in, and a column added to it would not find a table added after it.
        """
        return cls(state.models, state.real_apps)

    def add_model(self, model_state: ModelState) -> None:
        """Add a model; only it is made."""
        with self.kept() as apps:
            super().add_model(model_state)
        if apps:
            apps.render_multiple([model_state])

    def add_field(self, app_label: str, model_name: str, name: str, field: "Field[Any, Any]", preserve_default: bool) -> None:
        """Add a field to a model that is made already, as a class that is being declared gets it."""
        with self.kept() as apps:
            super().add_field(app_label, model_name, name, field, preserve_default)
        if apps:
            model = apps.get_model(app_label, model_name)
            model.add_to_class(name, self.models[app_label, model_name].fields[name].clone())
            apps.clear_cache()

    def _append_option(self, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
        """Add a constraint or an index (`option_name` says which) to a model that is made already."""
        with self.kept() as apps:
            super()._append_option(app_label, model_name, option_name, obj)  # type: ignore[misc]
        if apps:
            options = apps.get_model(app_label, model_name)._meta
            setattr(options, option_name, [*getattr(options, option_name), obj.clone()])
            options._expire_cache()

    @contextmanager
    def kept(self) -> Iterator[StateApps | None]:
        """Put the made models aside inside the block, so that nothing is made anew; give them, None when none are made yet."""
        made = self.__dict__.pop("apps", None)
        yield made
        if made is not None:
            self.apps = made


class QuickExecutor(MigrationExecutor):
    """Carries migrations out on one `QuickState`; backwards it goes Django's way."""

    def _migrate_all_forwards(self, state: ProjectState, *plans: Any, **choices: Any) -> ProjectState:
        return super()._migrate_all_forwards(QuickState.of(state), *plans, **choices)  # type: ignore[no-any-return,misc]


@contextmanager
def quickly() -> Iterator[None]:
    """Have Django's command `migrate` work this way inside the block."""
    usual = migrate.MigrationExecutor  # type: ignore[attr-defined]
    migrate.MigrationExecutor = QuickExecutor  # type: ignore[attr-defined]
    try:
        yield
    finally:
        migrate.MigrationExecutor = usual  # type: ignore[attr-defined]


def is_migrated() -> bool:
    """Tell whether every migration has been carried out. Asking costs a fraction of a second; `migrate` with nothing to do takes seconds."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
