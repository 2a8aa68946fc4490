"""What is off for the whole installation: one row each, written by whoever finds out, and tried once in a while."""

from datetime import datetime, timedelta

from tenants.models import Switch

CLIENT_REFUSED = "application.client_refused"
API_REFUSED = "application.api_refused:"  # and the API's name
TRY_EVERY = timedelta(minutes=1)


def is_thrown(name: str) -> bool:
    """Whether it is off, as far as anybody knows."""
    return Switch.objects.filter(name=name).exists()


def thrown(beginning: str) -> frozenset[str]:
    """The names of those that are off and begin so."""
    return frozenset(Switch.objects.filter(name__startswith=beginning).values_list("name", flat=True))


def throw(name: str, *, now: datetime) -> None:
    """It is off. If that was known, nothing changes."""
    Switch.objects.get_or_create(name=name, defaults={"thrown_at": now, "next_try_at": now + TRY_EVERY})


def turn_back(name: str) -> bool:
    """It is on again. False if it never was off."""
    return Switch.objects.filter(name=name).delete()[0] == 1


def waits_until(name: str, *, now: datetime) -> datetime | None:
    """When to come back; None if it is on, or if it is the caller's turn to try: one in a minute is given it."""
    its_turn = Switch.objects.filter(name=name, next_try_at__lte=now)
    if not is_thrown(name) or its_turn.update(next_try_at=now + TRY_EVERY):
        return None
    return now + TRY_EVERY
