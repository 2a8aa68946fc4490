"""
The steps, in an order that works: each makes one call from what is known, and may learn an id from the answer.

HMRC's service guide asks for every endpoint of the APIs of the minimum standard, in its sandbox, with
fraud-prevention headers. Test Support comes first, since the STATEFUL scenario works on its businesses.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hmrc_door import business_details as details
from hmrc_door import calculations, individual_details, obligations
from hmrc_door import property_business as prop
from hmrc_door import sa_test_support as support
from hmrc_door.call import Call
from mtd.rehearsal import bodies
from mtd.rehearsal.scene import Scene

STATEFUL = "STATEFUL"


@dataclass(frozen=True, kw_only=True)
class Step:
    """`learns`: the name an id is kept under, and HMRC's name of it in the answer. `waits_s` before it is sent."""

    make: Callable[[Scene], Call]
    learns: tuple[str, str] | None = None
    waits_s: float = 0.0


def _plain(make: Callable[[Scene], Call], *, learns: tuple[str, str] | None = None, waits_s: float = 0.0) -> Step:
    return Step(make=make, learns=learns, waits_s=waits_s)


def _stateful(make: Callable[[Scene], Call], *, learns: tuple[str, str] | None = None) -> Step:
    return Step(make=lambda scene: make(scene).in_scenario(STATEFUL), learns=learns)


def _home(scene: Scene) -> dict[str, str]:
    return {"business_id": scene.recall("home")}


def _shop(scene: Scene) -> dict[str, str]:
    return {"business_id": scene.recall("shop")}


def _period(scene: Scene) -> dict[str, str]:
    return {**_home(scene), "tax_year": scene.period_year, "submission_id": scene.recall("period")}


SUPPORT = (
    _plain(lambda s: support.set_itsa_status(nino=s.nino, tax_year=s.ended_year, body=bodies.itsa_status())),
    _plain(lambda s: support.create_test_business(nino=s.nino, body=bodies.home()), learns=("home", "businessId")),
    _plain(lambda s: support.create_test_business(nino=s.nino, body=bodies.shop()), learns=("shop", "businessId")),
    _plain(lambda s: support.create_checkpoint(nino=s.nino), learns=("checkpoint", "checkpointId")),
    _plain(lambda s: support.list_checkpoints(nino=s.nino)),
    _plain(lambda s: support.restore_checkpoint(checkpoint_id=s.recall("checkpoint"))),
    _plain(lambda s: support.delete_checkpoint(checkpoint_id=s.recall("checkpoint"))),
)

DETAILS = (
    _stateful(lambda s: details.list_businesses(s.nino)),
    _stateful(lambda s: details.get_business(nino=s.nino, **_home(s))),
    _stateful(
        lambda s: details.put_quarterly_type(
            nino=s.nino, **_home(s), tax_year=s.current_year, body=bodies.quarterly_type()
        )
    ),
    _stateful(
        lambda s: details.put_accounting_type(
            nino=s.nino, **_shop(s), tax_year=s.ended_year, body=bodies.accounting_type()
        )
    ),
    _stateful(lambda s: details.get_accounting_type(nino=s.nino, **_shop(s), tax_year=s.ended_year)),
    _stateful(
        lambda s: details.put_periods_of_account(
            nino=s.nino, **_shop(s), tax_year=s.ended_year, body=bodies.periods_of_account(s.starts_in)
        )
    ),
    _stateful(lambda s: details.get_periods_of_account(nino=s.nino, **_shop(s), tax_year=s.ended_year)),
    _stateful(lambda s: details.disapply_late_accounting_date(nino=s.nino, **_shop(s), tax_year=s.ended_year)),
    _stateful(lambda s: details.get_late_accounting_date_election(nino=s.nino, **_shop(s), tax_year=s.ended_year)),
    _stateful(lambda s: details.withdraw_late_accounting_date(nino=s.nino, **_shop(s), tax_year=s.ended_year)),
    _stateful(lambda s: individual_details.get_itsa_status(nino=s.nino, tax_year=s.ended_year)),
)

# HMRC's obligations know no STATEFUL scenario: what Test Support made never shows in them.
DUE = (
    _plain(lambda s: obligations.list_obligations(nino=s.nino).in_scenario("CUMULATIVE")),
    _plain(lambda s: obligations.list_crystallisation(nino=s.nino)),
)

PROPERTY = (
    _stateful(
        lambda s: prop.put_uk_cumulative(
            nino=s.nino, **_home(s), tax_year=s.ended_year, body=bodies.cumulative(s.starts_in)
        )
    ),
    _stateful(lambda s: prop.get_uk_cumulative(nino=s.nino, **_home(s), tax_year=s.ended_year)),
    _stateful(lambda s: prop.put_uk_annual(nino=s.nino, **_home(s), tax_year=s.ended_year, body=bodies.annual())),
    _stateful(lambda s: prop.get_uk_annual(nino=s.nino, **_home(s), tax_year=s.ended_year)),
    _stateful(lambda s: prop.delete_annual(nino=s.nino, **_home(s), tax_year=s.ended_year)),
    _stateful(
        lambda s: prop.create_uk_period(nino=s.nino, **_home(s), tax_year=s.period_year, body=bodies.period()),
        learns=("period", "submissionId"),
    ),
    _stateful(lambda s: prop.list_periods(nino=s.nino, **_home(s), tax_year=s.period_year)),
    _stateful(lambda s: prop.put_uk_period(nino=s.nino, **_period(s), body=bodies.period_figures())),
    _stateful(lambda s: prop.get_uk_period(nino=s.nino, **_period(s))),
)

CALCULATIONS = (
    _plain(
        lambda s: calculations.trigger_calculation(
            nino=s.nino, tax_year=s.ended_year, calculation_type="intent-to-finalise"
        ),
        learns=("calculation", "calculationId"),
    ),
    # HMRC asks to wait five seconds before a calculation is fetched.
    _plain(
        lambda s: calculations.get_calculation(
            nino=s.nino, tax_year=s.ended_year, calculation_id=s.recall("calculation")
        ),
        waits_s=6.0,
    ),
    _plain(lambda s: calculations.list_calculations(nino=s.nino, tax_year=s.ended_year)),
    _plain(
        lambda s: calculations.submit_declaration(
            nino=s.nino,
            tax_year=s.ended_year,
            calculation_id=s.recall("calculation"),
            calculation_type="final-declaration",
        )
    ),
)

LAST = (
    _plain(lambda s: support.delete_test_business(nino=s.nino, **_home(s))),
    _plain(lambda s: support.delete_test_business(nino=s.nino, **_shop(s))),
    _plain(lambda s: support.delete_vendor_state(nino=s.nino)),
)

STEPS: tuple[Step, ...] = (*SUPPORT, *DETAILS, *DUE, *PROPERTY, *CALCULATIONS, *LAST)
