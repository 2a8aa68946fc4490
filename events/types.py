"""Every type of event there is: what it says and of what. The one list, from which the OpenAPI document is made and by
which endpoints choose. `data` holds ids, times, counts and codes: never a name, a figure, a number or a token.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

ID, CODE, COUNT, TIME, YES = "id", "code", "count", "time", "yes_or_no"  # the kinds of values
TEST: Final = "webhook_endpoint.test"
DISABLED: Final = "webhook_endpoint.disabled"


@dataclass(frozen=True)
class Type:
    """`always`: the members of `data` with their kinds. `perhaps`: those that are not in each event."""

    name: str
    subject: str
    says: str
    always: Mapping[str, str] = field(default_factory=dict)
    perhaps: Mapping[str, str] = field(default_factory=dict)


_LANDLORD = {"landlord_id": ID}
_WHY = {"reason_code": CODE}


def _connection() -> Iterable[Type]:
    plain = {
        "connected": "The landlord is connected, and HMRC has confirmed for whom.",
        "uncertain": "Whether the authority still works is not known; it is being found out.",
        "recovered": "It works.",
        "disconnected": "The authority was given up.",
        "nino_unconfirmed": "HMRC serves another number than the one on file; staff must look.",
        "nino_confirmed": "Staff took the number that the landlord typed.",
        "nino_refused": "Staff did not take the number that the landlord typed.",
    }
    for name, says in plain.items():
        yield Type(f"connection.{name}", "connection", says, _LANDLORD)
    reasoned = {
        "reconnect_required": "The authority has ended: the landlord must connect again.",
        "not_authorised": "HMRC does not let this authority act for the landlord.",
    }
    for name, says in reasoned.items():
        yield Type(f"connection.{name}", "connection", says, {**_LANDLORD, **_WHY})
    yield Type("connection.denied", "connection", "At HMRC, the landlord said no.")
    yield Type("connection.failed", "connection", "The landlord came back from HMRC and was not connected.", _WHY)
    yield Type(
        "connection.expiring",
        "connection",
        "The authority ends in 90, 30, 7 or 1 days.",
        {**_LANDLORD, "days": COUNT, "grant_expires_at": TIME},
    )
    told = {**_LANDLORD, "state": CODE}
    yield Type("connection.landlord_told", "connection", "The landlord was mailed that it has ended.", told)
    says = "It has ended, and the landlord was not mailed: tell them."
    yield Type("connection.agency_must_tell", "connection", says, {**told, "why": CODE})


def _filed() -> Iterable[Type]:
    asked = {
        "queued": "It waits to be sent.",
        "waiting_for_approval": "The landlord must approve the figures first.",
        "approved": "The landlord approved the figures.",
        "declined": "The landlord declined the figures.",
        "waiting_for_connection": "It waits until the landlord connects again.",
    }
    ended = {
        "accepted": "HMRC took it.",
        "rejected": "HMRC refused it: `reason_code` says why.",
        "superseded": "A newer one took its place.",
        "cancelled": "It is not wanted any more.",
    }
    stopped = {"stopped": "Somebody must look: `reason_code` says at what."}
    for name, says in asked.items():
        yield Type(f"submission.{name}", "submission", says, _LANDLORD)
    for name, says in {**ended, **stopped}.items():
        yield Type(f"submission.{name}", "submission", says, {**_LANDLORD, **_WHY})
    yield Type("submission.unknown", "submission", "It was sent, and the answer was lost: HMRC is being read back.")
    lost = {
        "queued": asked["queued"],
        "waiting_for_connection": asked["waiting_for_connection"],
        "unknown": "It was sent, and the answer was lost: what HMRC holds is being found out.",
        "unconfirmed": "It was sent, and what became of it could not be found out.",
    }
    for kind in ("quarterly_type", "annual_submission", "final_declaration"):
        for name, says in {**lost, **ended}.items():
            yield Type(f"{kind}.{name}", "write", says, {**_LANDLORD, **_WHY})
    yield Type("calculation.ready", "calculation", "HMRC's calculation can be read.", _LANDLORD)
    yield Type("calculation.failed", "calculation", "There is no calculation.", {**_LANDLORD, **_WHY})
    for name, says in {"recorded": "A mandate is on record.", "revoked": "A mandate was taken back."}.items():
        yield Type(f"mandate.{name}", "mandate", says, {**_LANDLORD, "kind": CODE})
    batch = {
        "taken_in": "Every row was looked at.",
        "paused": "It rests.",
        "resumed": "It goes on.",
        "cancelled": "What was not sent will not be.",
    }
    for name, says in batch.items():
        yield Type(f"submission_batch.{name}", "submission_batch", says)


def _landlords() -> Iterable[Type]:
    said = {
        "opted_out": "They are mailed no more, by their own word.",
        "complaint": "They are mailed no more: a mail was called spam.",
        "bounced": "They are mailed no more: the address takes none.",
        "mail_allowed": "They are mailed again.",
        "erased": "They were erased.",
    }
    for name, says in said.items():
        yield Type(f"landlord.{name}", "landlord", says)
    yield Type("landlord.merged", "landlord", "Another record was merged into this one.", {"duplicate_id": ID})
    yield Type("landlord.readiness_changed", "landlord", "Whether they can be filed for.", {"status": CODE})
    yield Type("invitation.opened", "landlord", "They followed their link.", {"invitation_id": ID})
    rows = dict.fromkeys(("waiting", "made", "refused", "cancelled"), COUNT)
    yield Type("invitations.made", "invitation_batch", "Each row was looked at.", perhaps=rows)
    mailed = {
        "sent": "The mail server took it.",
        "unsure": "Whether it left is not known.",
        "failed": "It could not be sent.",
        "stopped": "It was not wanted any more, or not allowed.",
        "bounced": "The address takes no mail.",
    }
    for name, says in mailed.items():
        yield Type(f"mail.{name}", "mail", says, {**_LANDLORD, "kind": CODE, **_WHY})
    counts = dict.fromkeys(("created", "updated", "unchanged", "rejected"), COUNT)
    yield Type("import.finished", "landlord_import", "Every row was taken in.", {"dry_run": YES, **counts})
    for name, says in {"created": "It is on file.", "changed": "It was changed.", "archived": "It left."}.items():
        yield Type(f"property.{name}", "property", says)


def _own() -> Iterable[Type]:
    yield Type("agency.suspended", "agency", "The agency rests.")
    yield Type("agency.resumed", "agency", "The agency goes on.")
    versions = {"purpose": CODE, "version": COUNT, "previous_version": COUNT, "seals_from": TIME}
    yield Type("key.rotated", "agency", "A new key seals the agency's data of this purpose from then on.", versions)
    yield Type("export.ready", "export", "The file can be fetched.")
    yield Type(DISABLED, "webhook_endpoint", "Nothing is sent to this endpoint any more.", {"reason": CODE})
    yield Type(TEST, "webhook_endpoint", "Somebody asked for this test; it goes to this endpoint only.")


TYPES: Final[Mapping[str, Type]] = {
    each.name: each for group in (_connection(), _filed(), _landlords(), _own()) for each in group
}
# What an endpoint may choose: a test comes to whoever asked for it, whatever they chose.
CHOSEN: Final = sorted(TYPES.keys() - {TEST})
