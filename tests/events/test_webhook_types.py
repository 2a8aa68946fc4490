"""Every type of event there is stands in the one list, and the list in the document."""

import ast
import re

import jsonschema
import pytest

from events.delivery.message import body
from events.models import Event
from events.types import CHOSEN, TEST, TYPES, Type
from landlords.models import MailStatus, StopReason
from landlords.models.imports import RowStatus
from mtd.models import SubmissionStatus, WriteKind, WriteStatus
from tenants.ids import new_id
from tests.api.document import DOCUMENT
from tests.conftest import NOON
from tests.house.source import ROOMS, calls

# What a name that is put together may hold, where the source does not say it.
_KNOWN: dict[str, set[str]] = {
    "agency": {"suspended", "resumed"},
    "property": {"created", "changed", "archived"},
    "mail": {MailStatus.SENT, MailStatus.UNSURE, MailStatus.FAILED, MailStatus.STOPPED, MailStatus.BOUNCED},
    "calculation": {"ready", "failed"},
    "mandate": {"recorded", "revoked"},
    "submission": {*SubmissionStatus.values, "approved", "declined"} - {"sending"},
    "submission_batch": {"paused", "resumed", "cancelled"},
    "connection": {"nino_confirmed", "nino_refused"},
    **{kind: set(WriteStatus.values) - {"sending"} for kind in WriteKind.values},
}
_VALUES = {"id": str(new_id()), "code": "code", "count": 1, "time": "2026-11-22T12:00:00Z", "yes_or_no": True}
_NAME = re.compile(r"[a-z_]+\.[a-z_]+\Z")


def published() -> set[str]:
    """The types that the rooms publish, as far as their source says."""
    found: set[str] = set()
    for _, call, called in calls(*ROOMS):
        if called in {"outbox.publish", "outbox.publish_all"}:
            found |= _names(next(each.value for each in call.keywords if each.arg == "type"))
        elif called in {"tell", "telling.tell", "_told"} and len(call.args) > 1:
            found |= _names(call.args[1])
    return found


def _names(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Constant):
        return {str(node.value)} if _NAME.match(str(node.value)) else set()
    if isinstance(node, ast.JoinedStr):
        first = node.values[0]
        kinds = [str(first.value).partition(".")[0]] if isinstance(first, ast.Constant) else list(WriteKind.values)
        return {f"{kind}.{word}" for kind in kinds for word in _KNOWN[kind]}
    return set()


def test_what_the_rooms_publish_is_on_the_list() -> None:
    found = published()

    assert len(found) > 60
    assert found - TYPES.keys() == set()


def test_nothing_else_is_on_the_list() -> None:
    stops = {f"landlord.{reason}" for reason in StopReason.values}
    by_name = {*stops, "landlord.mail_allowed", "webhook_endpoint.disabled", TEST}  # named by a variable

    assert TYPES.keys() - published() - by_name == set()


def test_the_document_describes_every_one_of_them_and_an_endpoint_may_choose_it() -> None:
    assert DOCUMENT["webhooks"].keys() == TYPES.keys()
    assert set(DOCUMENT["components"]["schemas"]["EventTypeEnum"]["enum"]) == set(CHOSEN) == TYPES.keys() - {TEST}


@pytest.mark.parametrize("event", TYPES.values(), ids=lambda event: event.name)
def test_what_is_sent_is_what_the_document_says(event: Type) -> None:
    data = {name: _VALUES[kind] for name, kind in event.always.items()}
    row = Event(id=new_id(), type=event.name, subject_type=event.subject, subject_id=new_id(), data=data)
    row.occurred_at = NOON
    ref = DOCUMENT["webhooks"][event.name]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = DOCUMENT["components"]["schemas"][ref.rpartition("/")[2]]

    jsonschema.validate(body(row, agency_id=str(new_id())), schema)


def test_counts_of_an_import_are_all_named() -> None:
    assert TYPES["import.finished"].always.keys() == {"dry_run", *RowStatus.values}


@pytest.mark.parametrize("event", TYPES.values(), ids=lambda event: event.name)
def test_it_is_said_in_a_sentence(event: Type) -> None:
    assert event.says.endswith(".")
    assert event.says[0].isupper()
