"""Pausing, resuming and sharing out: what an operator types, and what is audited of it."""

import getpass
import os
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from events.models import AuditEvent
from tenants import pauses
from tenants.context import tenant
from tenants.models import Agency, Pause, Share
from tests.cast import ALPHA, BETA

WHY = "HMRC has asked for it"


def run(*words: str) -> str:
    """What the command says."""
    said = StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def audited(agency: Agency) -> list[tuple[str, dict[str, object]]]:
    with tenant(agency):
        found = AuditEvent.objects.filter(action__startswith="dispatch.").order_by("id")
        return [(each.action, each.detail) for each in found]


@pytest.mark.parametrize(("scope", "name"), [("lane", "bulk"), ("operation", "business_details.list_businesses")])
def test_what_concerns_everybody_is_in_every_agencys_trail(alpha: Agency, beta: Agency, scope: str, name: str) -> None:
    run("pause", scope, name, "--reason", WHY, "--by", "Ada")
    run("resume", scope, name, "--by", "Bob")

    named = {"scope": scope, "name": name}
    for agency in (alpha, beta):
        assert audited(agency) == [
            ("dispatch.paused", {**named, "reason": WHY, "who": "Ada"}),
            ("dispatch.resumed", {**named, "who": "Bob"}),
        ]
    assert pauses.in_force() == []


def test_an_agencys_own_is_in_its_own_trail(alpha: Agency, beta: Agency) -> None:
    run("pause", "agency", ALPHA.host, "--reason", WHY)

    assert Pause.objects.get().name == str(alpha.pk)
    assert [action for action, _ in audited(alpha)] == ["dispatch.paused"]
    assert audited(beta) == []


def test_they_are_listed_with_their_reasons(alpha: Agency, now: datetime) -> None:
    run("pause", "lane", "bulk", "--reason", WHY)

    assert f"lane bulk: {WHY}" in run("pause")


@pytest.mark.parametrize(
    "words",
    [
        ("pause", "lane", "express", "--reason", WHY),
        ("pause", "operation", "none_such", "--reason", WHY),
        ("pause", "agency", "nobody.localhost", "--reason", WHY),
        ("pause", "lane", "bulk", "--reason", " "),
        ("pause", "lane"),
        ("resume", "lane", "bulk"),
        ("share", "nobody.localhost"),
        ("share", BETA.host, "--weight", "0"),
        ("share", BETA.host, "--cap", "1.5"),
        ("share", BETA.host, "--cap", "0"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(alpha: Agency, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*words)

    assert (Pause.objects.count(), Share.objects.count(), audited(alpha)) == (0, 0, [])


def test_a_share_is_granted_and_audited(alpha: Agency) -> None:
    run("share", ALPHA.host, "--weight", "2", "--cap", "0.5", "--by", "Ada")

    row = Share.objects.get()
    assert (row.agency_id, row.weight, row.cap) == (alpha.pk, 2, 0.5)
    assert audited(alpha) == [("dispatch.share_changed", {"weight": 2.0, "cap": 0.5, "who": "Ada"})]


@pytest.mark.parametrize("nameless", [OSError, KeyError])
def test_whoever_does_not_say_who_they_are_is_known_by_their_account(
    alpha: Agency, monkeypatch: pytest.MonkeyPatch, nameless: type[Exception]
) -> None:
    def fail() -> str:
        raise nameless

    run("pause", "lane", "bulk", "--reason", WHY)
    account = getpass.getuser()
    monkeypatch.setattr(getpass, "getuser", fail)
    run("resume", "lane", "bulk")

    assert [detail["who"] for _, detail in audited(alpha)] == [account, f"uid {os.getuid()}"]
