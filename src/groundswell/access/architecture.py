"""What the house's tests and `groundswell doctor` ask: are all tables defended, have all addresses a door."""

from collections.abc import Iterator

from django.db import connection
from django.urls import URLPattern, URLResolver

# Tables with a unit or a person that row security does not bind, each with its reason.
UNBOUND = {
    # The sign-in e-mail must be found before any scope is known; the row holds nothing else.
    "public.accounts_account": "sign-in",
}
_BARE = """
    select distinct n.nspname || '.' || c.relname
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
      and n.nspname not like 'pg\\_%%'
      and (a.attname in ('unit_id', 'person_id') or n.nspname || '.' || c.relname
           in ('public.structure_unit', 'public.people_person'))
      and not (c.relrowsecurity and c.relforcerowsecurity
               and exists (select 1 from pg_policy p where p.polrelid = c.oid))
    order by 1
"""


def unprotected_tables() -> list[str]:
    """Return the tables with a unit or a person that lack row security (enabled, forced, with a policy)."""
    with connection.cursor() as cursor:
        cursor.execute(_BARE, [])
        return [name for (name,) in cursor.fetchall() if name not in UNBOUND]


def addresses_without_a_door(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[str]:
    """Return the addresses whose view does not say what it asks of the one who comes."""
    return sorted(_doorless(patterns, prefix))


def _doorless(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for entry in patterns:
        address = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from _doorless(entry.url_patterns, address)
        elif not hasattr(entry.callback, "door"):
            yield f"/{address}"
