"""What an index costs at every write, it is worth."""

from tenants.db import connection
from tenants.models import Agency

# Whose migrations are not ours to change.
_OTHERS = ("account_", "auth_", "django_", "mfa_")
_SAID_TWICE = """
SELECT own.relname
FROM pg_index one
JOIN pg_index more ON more.indrelid = one.indrelid AND more.indexrelid <> one.indexrelid
JOIN pg_class own ON own.oid = one.indexrelid
JOIN pg_class other ON other.oid = more.indexrelid AND other.relam = own.relam
WHERE own.relnamespace = to_regnamespace(%s)
  AND NOT one.indisunique AND one.indpred IS NULL AND more.indpred IS NULL AND one.indexprs IS NULL
  AND more.indkey::text || ' ' LIKE one.indkey::text || ' %%'
  AND more.indclass::text || ' ' LIKE one.indclass::text || ' %%'
  AND (one.indnkeyatts = 1 OR more.indoption::text || ' ' LIKE one.indoption::text || ' %%')
"""


def test_no_index_is_the_beginning_of_another(in_alpha: Agency) -> None:
    assert [name for name in _said_twice(in_alpha) if not name.startswith(_OTHERS)] == []


def test_one_that_is_would_be_found(in_alpha: Agency) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX probe ON landlords_invitation (landlord_id)")

    assert "probe" in _said_twice(in_alpha)


def _said_twice(agency: Agency) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_SAID_TWICE, [agency.schema_name])
        return sorted(name for (name,) in cursor.fetchall())
