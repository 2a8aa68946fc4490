"""Of every table of an agency it is decided what it holds of a landlord; what says nothing of it fails here."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db.models import Field, ForeignKey, Model

from landlords import records
from landlords.models import Landlord
from leaving.personal import NOT_OF_LANDLORDS, TABLES
from mtd import merging
from people.principal import SYSTEM
from tenants import clock
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import FakeClock
from tests.leaving.scenes import NINO, WORDS, known_everywhere, tables_with

KNOWN = {table.model for table in TABLES}


def models() -> Iterator[type[Model]]:
    for config in apps.get_app_configs():
        if config.name in settings.TENANT_APPS:
            yield from config.get_models(include_auto_created=True)


def test_every_table_of_an_agency_is_decided_on_once() -> None:
    assert len(KNOWN) == len(TABLES)
    assert {model._meta.label for model in models()} == {model._meta.label for model in KNOWN} | NOT_OF_LANDLORDS.keys()
    assert not {model._meta.label for model in KNOWN} & NOT_OF_LANDLORDS.keys()


def test_what_leads_to_a_landlord_is_on_the_list() -> None:
    leading = {model for model in models() if _leads_to_a_landlord(model)}

    assert leading - KNOWN == set()
    assert len(leading) > 20


def test_nothing_of_a_landlord_stands_in_any_other_table(in_alpha: Agency, time: FakeClock) -> None:
    landlord = known_everywhere(in_alpha)

    found = tables_with(in_alpha, str(landlord.pk), *WORDS)

    public = {"tenants_due", "tenants_credential"}  # ids only
    assert found.keys() - public <= {table.model._meta.db_table for table in TABLES}
    assert {word for words in found.values() for word in words} == {str(landlord.pk), *WORDS}
    assert tables_with(in_alpha, NINO, NINO.encode().hex()) == {}


def test_of_every_table_on_the_list_there_is_something_to_try(in_alpha: Agency, time: FakeClock) -> None:
    landlord = known_everywhere(in_alpha)

    empty = {table.model for table in TABLES if not table.model._default_manager.filter(table.of([landlord.pk]))}

    assert empty == set()


def test_of_nobody_no_table_holds_anything(in_alpha: Agency, time: FakeClock) -> None:
    known_everywhere(in_alpha)

    assert [table for table in TABLES if table.model._default_manager.filter(table.of([])).exists()] == []


def _leads_to_a_landlord(model: type[Model], seen: frozenset[type[Model]] = frozenset()) -> bool:
    if model is Landlord:
        return True
    columns: list[Field] = [*model._meta.concrete_fields]  # type: ignore[type-arg]
    aims = {column.related_model for column in columns if isinstance(column, ForeignKey)}
    return any(column.name == "landlord_id" for column in columns) or any(
        _leads_to_a_landlord(aim, seen | {model}) for aim in aims - seen if isinstance(aim, type) and aim is not model
    )


# What happened stays as it was said to have, whoever a landlord has become since: who asked from which device, too.
_HISTORY = {
    "Event",
    "AuditEvent",
    "Landlord",
    "IdempotencyRecord",
    "FraudContext",
    "ImportRow",
    "Export",
    "ExportPart",
    "Delivery",
}


def test_nothing_stays_with_a_duplicate_that_is_merged(in_alpha: Agency, time: FakeClock) -> None:
    zelda = known_everywhere(in_alpha)
    kept = records.create(by=SYSTEM, given={"full_name": "Lena"}, now=clock.now())

    merging.merge(by=SYSTEM, landlord_id=kept.pk, duplicate_id=zelda.pk, expected=None, now=clock.now())

    left = {table.model.__name__ for table in TABLES if table.model._default_manager.filter(table.of([zelda.pk]))}
    assert left <= _HISTORY
