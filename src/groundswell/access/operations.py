"""Operations for the migrations of every room: definer functions, row security, the trail's triggers.

All are reversible. Names of tables and columns come from migrations, never from input.
"""

import re
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from groundswell.access.trailsql import trail_function, trail_triggers

# The common forms. Each function stands in a sub-select, so that a statement resolves it once.
EVERYTHING = "(select scope_all())"
KNOWN = "(select scope_known())"
BY_UNIT = f"{EVERYTHING} or unit_id in (select unnest(scope_units()))"
BY_UNIT_OR_SELF = f"{BY_UNIT} or person_id = (select scope_person())"
BY_WRITE_UNIT = f"{EVERYTHING} or unit_id in (select unnest(scope_write_units()))"
BY_STRUCTURE_UNIT = f"{EVERYTHING} or unit_id in (select unnest(scope_structure_units()))"

# The planner runs a stable function to guess the length of its array, at every planning of every
# statement. Behind a sub-select it takes a guess instead (decision 0402 has the figures).
_BARE_ARRAY = re.compile(r"unnest\((scope_\w+\([^()]*\))\)")


def resolved_once(condition: str) -> str:
    """Return the condition with each scope's array behind a sub-select of its own."""
    return _BARE_ARRAY.sub(r"unnest((select \1))", condition)


class DatabaseOnly(Operation):
    """An operation that changes the database and leaves Django's picture of the models alone."""

    reduces_to_sql = True
    reversible = True

    def forwards(self) -> list[str]:
        """Return the statements that apply it."""
        raise NotImplementedError

    def backwards(self) -> list[str]:
        """Return the statements that undo it."""
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Leave the state as it is."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002 - Django's signature
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,  # noqa: ARG002 - the same
        to_state: Any,  # noqa: ARG002 - the same
    ) -> None:
        """Apply."""
        for statement in self.forwards():
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002 - Django's signature
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,  # noqa: ARG002 - the same
        to_state: Any,  # noqa: ARG002 - the same
    ) -> None:
        """Undo."""
        for statement in self.backwards():
            schema_editor.execute(statement, params=None)


class Definer(DatabaseOnly):
    """A plpgsql function that runs as `gs_search`, which row security does not bind.

    `signature` is `name(argument type, …)`; `private` ones are not for the runtime role. The search
    path ends in `pg_temp`, so no temporary table can stand in for a real one. `again` puts another body
    into a function that an earlier migration made; going back leaves it there.
    """

    def __init__(
        self,
        signature: str,
        *,
        returns: str,
        body: str,
        volatility: str = "stable",
        private: bool = False,
        again: bool = False,
    ) -> None:
        self.signature = signature
        self.returns = returns
        self.body = body
        self.volatility = volatility
        self.private = private
        self.again = again

    def forwards(self) -> list[str]:
        """Make the function, hand it to `gs_search`, and hide a private one."""
        name = self.signature.split("(")[0]
        # A function that writes must not run in parallel workers; the others may.
        parallel = "parallel unsafe" if self.volatility == "volatile" else "parallel safe"
        create = (
            f"create{' or replace' if self.again else ''} function {self.signature} returns {self.returns}"
            f" language plpgsql {self.volatility} {parallel} security definer"
            f" set search_path = pg_catalog, public, pg_temp as $definer${self.body}$definer$"
        )
        statements = [create, f"alter function {name} owner to gs_search"]
        if self.again:
            return statements[:1]  # owner and rights stay what they are
        if self.private:
            statements.insert(1, f"revoke execute on function {name} from public")
        return statements

    def backwards(self) -> list[str]:
        """Drop the function."""
        return [] if self.again else [f"drop function {self.signature.split('(')[0]}"]

    def describe(self) -> str:
        """Return one line for the migration's output."""
        return f"Make the definer function {self.signature.split('(')[0]}"


class Reworded(DatabaseOnly):
    """Other words in a function that an earlier migration made, `new` for `old` wherever these stand in it.

    Its owner and rights stay what they are. A function that does not hold the words is a fault.
    """

    def __init__(self, name: str, *, old: str, new: str) -> None:
        self.name = name
        self.old = old
        self.new = new

    def forwards(self) -> list[str]:
        """Put the new words in."""
        return [self._exchange(self.old, self.new)]

    def backwards(self) -> list[str]:
        """Put the old words back."""
        return [self._exchange(self.new, self.old)]

    def _exchange(self, there: str, instead: str) -> str:
        return f"""do $reworded$ declare
            was text := pg_get_functiondef('{self.name}'::regproc);
        begin
            if strpos(was, $words${there}$words$) = 0 then
                raise exception '% does not hold the words to exchange', '{self.name}';
            end if;
            execute replace(was, $words${there}$words$, $words${instead}$words$);
        end $reworded$"""

    def describe(self) -> str:
        """Return one line for the migration's output."""
        return f"Reword the function {self.name}"


class RowSecurity(DatabaseOnly):
    """Row security on one table, enabled and forced, with a policy per kind of statement.

    `read` and `write` are SQL conditions; without `write` nobody writes through the runtime role.
    `insert`, `update` and `delete` stand for `write` where these differ. `force=False` leaves the owner
    free and is for the few tables without persons that the owner must set.
    """

    def __init__(
        self,
        table: str,
        *,
        read: str,
        write: str = "false",
        insert: str | None = None,
        update: str | None = None,
        delete: str | None = None,
        force: bool = True,
    ) -> None:
        self.table = table
        self.read = resolved_once(read)
        self.insert = resolved_once(insert or write)
        self.update = resolved_once(update or write)
        self.delete = resolved_once(delete or write)
        self.force = force

    def forwards(self) -> list[str]:
        """Enable, force, and write the four policies."""
        statements = [f"alter table {self.table} enable row level security"]
        if self.force:
            statements.append(f"alter table {self.table} force row level security")
        changed = f"using ({self.update}) with check ({self.update})"
        return [
            *statements,
            f"create policy gs_read on {self.table} for select using ({self.read})",
            f"create policy gs_insert on {self.table} for insert with check ({self.insert})",
            f"create policy gs_update on {self.table} for update {changed}",
            f"create policy gs_delete on {self.table} for delete using ({self.delete})",
        ]

    def backwards(self) -> list[str]:
        """Drop the policies and lift row security."""
        policies = ("gs_read", "gs_insert", "gs_update", "gs_delete")
        return [
            *(f"drop policy {policy} on {self.table}" for policy in policies),
            f"alter table {self.table} no force row level security",
            f"alter table {self.table} disable row level security",
        ]

    def describe(self) -> str:
        """Return one line for the migration's output."""
        return f"Row security on {self.table}"


class Trailed(DatabaseOnly):
    """Every change of the table goes into the trail, whatever path it takes.

    `key` is the column that names the row, `unit` the column of its unit, `person` that of the person
    whose erasure takes the payload with it; the last two may be missing.
    """

    def __init__(
        self, table: str, *, unit: str | None = "unit_id", person: str | None = None, key: str = "id"
    ) -> None:
        self.table = table
        self.unit = unit
        self.person = person
        self.key = key

    def forwards(self) -> list[str]:
        """Make the trigger's function and the three triggers."""
        name = f"trail_{self.table}"
        return [
            trail_function(name, self.table, key=self.key, unit=self.unit, person=self.person),
            # Creating a trigger needs EXECUTE, firing it does not: nobody hangs it on a table of her own.
            f"revoke execute on function {name} from public",
            f"alter function {name} owner to gs_search",
            *trail_triggers(name, self.table),
        ]

    def backwards(self) -> list[str]:
        """Drop the triggers with their function."""
        return [f"drop function trail_{self.table} cascade"]

    def describe(self) -> str:
        """Return one line for the migration's output."""
        return f"Trail every change of {self.table}"


class Vouched(DatabaseOnly):
    """Rows whose columns decide what somebody may do are written only with the gate's proof.

    Row security cannot tell the application from an injection that runs under the same session: it
    would let a secretary's session write any mandate of her reach. A row under a voucher is taken only
    after `gate.vouch(table, *values)` for just these values, in the order of `columns` (SQL texts of
    the new row, so `"encode(new.digest, 'hex')"`); the operator and the worker need none.
    """

    def __init__(self, table: str, *columns: str) -> None:
        self.table = table
        self.columns = columns

    def forwards(self) -> list[str]:
        """Make the trigger and its function."""
        name = f"vouched_{self.table}"
        hung = f"create trigger gs_vouched before insert or update on {self.table}"
        said = ", ".join(f"({column})::text" for column in self.columns)
        before = ", ".join(column.replace("new.", "old.") for column in self.columns)
        return [
            f"""
create function {name}() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $vouched$
begin
    if tg_op = 'UPDATE' and ({", ".join(self.columns)}) is not distinct from ({before}) then
        return new;
    end if;
    if not scope_all() and not gate_proves(
            gate_message('{self.table}', array[{said}]),
            decode(coalesce(current_setting('app.proof', true), ''), 'hex')) then
        raise exception 'The application has not vouched for this row of {self.table}.'
            using errcode = '42501';
    end if;
    return new;
end
$vouched$
""",
            f"revoke execute on function {name} from public",
            f"alter function {name} owner to gs_search",
            f"{hung} for each row execute function {name}()",
        ]

    def backwards(self) -> list[str]:
        """Drop the trigger with its function."""
        return [f"drop function vouched_{self.table} cascade"]

    def describe(self) -> str:
        """Return one line for the migration's output."""
        return f"Rows of {self.table} need the application's voucher"


class WrittenOnce(DatabaseOnly):
    """Rows of a table with both times are written once: believed, then perhaps believed no longer.

    The one change of a row closes its `recorded` and stamps the closing with its own transaction; the
    columns of `closing` may be set with it. A row is neither rewritten, nor believed again, nor deleted,
    nor stamped by its writer (what was settled would change). What a correction says is a row of its own.
    """

    def __init__(self, table: str, *, closing: tuple[str, ...] = ()) -> None:
        self.table = table
        self.closing = closing

    def forwards(self) -> list[str]:
        """Make the trigger and its function."""
        name = f"written_once_{self.table}"
        hung = f"create trigger gs_written_once before insert or update or delete on {self.table}"
        free = ", ".join(f"'{column}'" for column in ("recorded", "superseded_stamp", *self.closing))
        return [
            f"""
create function {name}() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $once$
begin
    if tg_op = 'INSERT' then
        if new.recorded_stamp = org_stamp() and coalesce(new.superseded_stamp, org_stamp()) = org_stamp() then
            return new;
        end if;
    elsif tg_op = 'UPDATE' then
        if new is not distinct from old then
            return new;
        end if;
        if upper_inf(old.recorded) and not upper_inf(new.recorded) and not isempty(new.recorded)
                and lower(new.recorded) = lower(old.recorded) and new.superseded_stamp = org_stamp()
                and to_jsonb(new) - array[{free}] = to_jsonb(old) - array[{free}] then
            return new;
        end if;
    end if;
    raise exception using errcode = '23514', constraint = '{self.table}_is_written_once',
        message = 'a row of {self.table} is believed no longer or stays, it is never rewritten';
end
$once$
""",
            f"revoke execute on function {name} from public",
            # After the voucher's trigger by its name: who may not write at all is told so.
            f"{hung} for each row execute function {name}()",
        ]

    def backwards(self) -> list[str]:
        """Drop the trigger with its function."""
        return [f"drop function written_once_{self.table} cascade"]

    def describe(self) -> str:
        """Return one line for the migration's output."""
        return f"Rows of {self.table} are written once"
