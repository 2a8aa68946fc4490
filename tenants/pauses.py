"""What an operator lets stand still: a lane, an agency, or one of HMRC's operations. Work waits; none is lost."""

from datetime import datetime

from django.db import transaction

from tenants import due
from tenants.models import Pause, PauseScope


def pause(*, scope: PauseScope, name: str, reason: str, now: datetime) -> None:
    """From the next turn on nothing of it goes. Paused before, it is for this reason now."""
    Pause.objects.update_or_create(
        scope=scope, name=name, defaults={"reason": reason}, create_defaults={"reason": reason, "paused_at": now}
    )


@transaction.atomic
def resume(*, scope: PauseScope, name: str, now: datetime) -> bool:
    """It goes on at the next turn. False if it was not paused."""
    if Pause.objects.filter(scope=scope, name=name).delete()[0] == 0:
        return False
    if scope == PauseScope.OPERATION:
        due.put_back(operation=name, now=now)
    return True


def in_force() -> list[Pause]:
    """All of them, the oldest first."""
    return list(Pause.objects.order_by("paused_at", "pk"))


def operations() -> frozenset[str]:
    """HMRC's operations that are paused."""
    return frozenset(Pause.objects.filter(scope=PauseScope.OPERATION).values_list("name", flat=True))
