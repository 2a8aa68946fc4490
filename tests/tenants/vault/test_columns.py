"""The list of places that hold sealed values is whole: what is not in it, `retire_keys` would take the key from."""

import ast
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import models

from tenants.vault import SealedField
from tenants.vault.columns import columns
from tests.house.source import ROOMS, ROOT, files


def test_every_sealed_field_is_in_it_under_the_label_and_key_that_it_is_bound_to() -> None:
    known = {(column.model, column.name): column for column in columns()}
    fields = [field for model in apps.get_models() for field in model._meta.fields if isinstance(field, SealedField)]

    assert len(fields) > 20
    for field in fields:
        column, key = known[field.model._meta.label, field.name], field.model._meta.pk
        assert (column.purpose, column.label, column.place) == (field.purpose, field.label, f't."{key.column}"')
        assert isinstance(key, models.UUIDField), column
        assert (column.bound_to != "NULL::bigint") == bool(field.bound_to)


def test_no_sealed_field_is_in_the_public_schema() -> None:
    public = {model for model in apps.get_models() if model._meta.app_config.name not in settings.TENANT_APPS}

    assert not [model for model in public for field in model._meta.fields if isinstance(field, SealedField)]


def test_no_two_places_share_a_label_but_the_second_factors() -> None:
    labels = [column.label for column in columns()]

    assert sorted({label for label in labels if labels.count(label) > 1}) == ["mfa.secret"]


def test_who_seals_into_anything_else_has_told_the_vault_of_it() -> None:
    # Redis, files, a JSON: the place is to be added by `columns.add`, as people/sealed does, and its module here.
    assert set(_who_seal_by_themselves()) == {"people/adapters.py", "people/sessions.py"}


def _who_seal_by_themselves() -> Iterator[str]:
    for path in files(*ROOMS):
        place = str(path.relative_to(ROOT))
        names = {
            alias.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tenants.vault")
            for alias in node.names
        }
        if names & {"seal_value", "values", "envelope"} and not place.startswith("tenants/vault/"):
            yield place
