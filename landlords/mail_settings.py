"""How an agency's mails look, and how often its landlords are reminded. Where answers go is the agency's own setting
(`mail_reply_to`), which is shown and set here too.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from events import audit, governance
from landlords.mail_texts import NEEDED
from landlords.models import MailSettings
from people.principal import Principal
from tenants.context import current_agency
from tenants.faults import FieldFault, Invalid


def change(*, by: Principal, given: Mapping[str, Any], now: datetime) -> MailSettings:
    """Change what is given and nothing else; a template that is None is ours again. Raises Invalid."""
    faults = list(_faults(given.get("templates", {})))
    if faults:
        raise Invalid(errors=faults)
    settings = MailSettings.current()
    if "reply_to" in given:
        governance.change_agency(by=by, given={"mail_reply_to": given["reply_to"]}, now=now)
    for name, value in given.items():
        if name != "reply_to":
            setattr(settings, name, _merged(settings.templates, value) if name == "templates" else value)
    settings.reminder_days = sorted(set(settings.reminder_days))
    settings.save()
    agency_id = current_agency().pk
    audit.record(
        by=by,
        action="mail_settings.changed",
        subject_type="agency",
        subject_id=agency_id,
        now=now,
        fields=sorted(given),
    )
    return settings


def _merged(templates: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    return {kind: text for kind, text in {**templates, **given}.items() if text is not None}


def _faults(templates: Mapping[str, Mapping[str, str] | None]) -> Iterator[FieldFault]:
    for kind, text in templates.items():
        if text is not None and NEEDED[kind] not in text["body"]:
            yield FieldFault(f"/templates/{kind}/body", "field_missing", f"{NEEDED[kind]} must be in it.")
