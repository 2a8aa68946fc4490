"""Taking over a database: an operator's decision, in every agency's audit trail."""

from datetime import datetime

from events import audit
from people.principal import Principal
from tenants import installation
from tenants.context import tenant
from tenants.models import Agency


def adopt_environment(*, by: Principal, now: datetime) -> int:
    """Make the database this environment's. Returns how many agencies it holds.

    Audited agency by agency, each in its own transaction, and only then adopted: stopped half way it is simply done
    again.
    """
    was, becomes, many = installation.owner(), installation.fingerprint(), 0
    for agency in Agency.objects.order_by("pk").iterator():
        with tenant(agency):
            audit.record(
                by=by,
                action="environment.adopted",
                subject_type="agency",
                subject_id=agency.pk,
                now=now,
                was=was,
                becomes=becomes,
            )
        many += 1
    installation.adopt(now=now)
    return many
