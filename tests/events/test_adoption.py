"""manage.py adopt_environment: asked for by the fingerprint, in every agency's trail."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from events.models import AuditEvent
from tenants import installation
from tenants.context import tenant
from tenants.models import Agency


@pytest.fixture
def copy(alpha: Agency, beta: Agency, settings: Any) -> str:
    """The test database, seen from another environment: whose it is."""
    was = installation.owner()
    settings.ENVIRONMENT_ID = "of-the-copy"
    return was


def adopt(*given: str) -> dict[str, Any]:
    said = StringIO()
    call_command("adopt_environment", *given, stdout=said)
    found: dict[str, Any] = json.loads(said.getvalue())
    return found


def test_it_makes_the_copy_ours_and_every_agency_is_told(copy: str, alpha: Agency, beta: Agency) -> None:
    said = adopt("--yes")

    assert installation.is_ours()
    assert said == {"was": copy, "adopted": installation.fingerprint(), "agencies": 2}
    for agency in (alpha, beta):
        with tenant(agency):
            row = AuditEvent.objects.get(action="environment.adopted")
        assert row.detail == {"was": copy, "becomes": installation.fingerprint()}
        assert row.actor_kind == "system"


def test_it_is_confirmed_by_the_fingerprint(copy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(text: str) -> str:
        asked.append(text)
        return installation.fingerprint()

    monkeypatch.setattr("builtins.input", answer)

    adopt()

    assert installation.is_ours()
    assert copy in asked[0]
    assert installation.fingerprint() in asked[0]


@pytest.mark.parametrize("answer", ["", "yes"])
def test_any_other_answer_changes_nothing(
    copy: str, monkeypatch: pytest.MonkeyPatch, alpha: Agency, answer: str
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: answer)

    with pytest.raises(CommandError):
        adopt()

    assert installation.owner() == copy
    with tenant(alpha):
        assert not AuditEvent.objects.filter(action="environment.adopted").exists()
