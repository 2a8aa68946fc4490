"""`python -m tests.bench.migrate FOLDER replay|stock MANY`: bring a release to agencies, in a process of its own.

`stock` prints the seconds that django-tenants' standard executor takes for the first so many.
"""

import sys
import time


def main(folder: str, way: str, many: int) -> None:
    """All of them are done, or it raises."""
    sys.path.insert(0, folder)
    import django
    from django.conf import settings

    settings.MIGRATION_MODULES = {"landlords": "release"}
    django.setup()
    if way == "stock":
        sys.stdout.write(f"{_stock(many)}\n")
        return
    from tenants.fleet.migrating import migrate_all
    from tenants.fleet.outcome import Result

    found = [*migrate_all(processes=2)]
    assert [each.result for each in found] == [Result.MIGRATED] * many, found[:3]


def _stock(many: int) -> float:
    from django.core.management import call_command

    from tenants.models import Agency

    schemas = [*Agency.objects.order_by("pk").values_list("schema_name", flat=True)[:many]]
    began = time.perf_counter()
    for schema in schemas:
        call_command("migrate_schemas", schema_name=schema, executor="standard", verbosity=0)
    return time.perf_counter() - began


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
