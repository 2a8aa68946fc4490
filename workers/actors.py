"""The actors: one for each kind of housework and of what goes out to others, told by ids, and the carriers at their
two posts, told nothing.
"""

from uuid import UUID

import dramatiq

from tenants import doorbell
from tenants.due import CALLS, OUTWARD, TOKENS, Kind
from workers.answers import answer
from workers.broker import broker
from workers.carriers import Carriers

# Before the housework that may lie in the same process: HMRC's turns do not wait.
_FIRST = -1


def _declare_housework(kind: Kind) -> None:
    def run(*, agency: str, subject: str, **_: object) -> None:
        answer(kind, agency_id=UUID(agency), subject_id=UUID(subject))

    queue = doorbell.HOOKS if kind in OUTWARD else doorbell.HOUSE
    dramatiq.actor(actor_name=kind, queue_name=queue, broker=broker)(run)


def _declare_carriers(carriers: Carriers) -> None:
    def run(**_: object) -> None:
        carriers.carry()

    dramatiq.actor(actor_name=carriers.post, queue_name=carriers.post, priority=_FIRST, broker=broker)(run)


for _kind in sorted({*Kind} - CALLS):
    _declare_housework(_kind)
_declare_carriers(Carriers(doorbell.Post.CARRIERS))
_declare_carriers(Carriers(doorbell.Post.RESERVE, kinds=TOKENS))
