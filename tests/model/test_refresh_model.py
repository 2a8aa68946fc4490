"""The protocol keeps its promises in every world it can come to; known-bad designs don't, so the checker checks."""

import pytest

from tests.model import steps
from tests.model.bad_designs import BAD, never
from tests.model.designs import OURS, Design
from tests.model.explore import explore
from tests.model.moves import Moves
from tests.model.promises import Promise, is_at_rest
from tests.model.world import Status


def test_three_workers_keep_every_promise_whatever_is_lost_and_whoever_dies() -> None:
    found = explore(OURS, workers=3)

    assert not found.broken, str(found)
    assert len(found.worlds) > 4_000


def test_every_status_can_be_come_to_and_rested_in_where_rest_is() -> None:
    worlds = explore(OURS, workers=1).worlds

    assert {world.grant.status for world in worlds} == set(Status)
    assert {world.grant.status for world in worlds if is_at_rest(*world)} == {Status.ACTIVE, Status.DEAD, Status.WIPED}


@pytest.mark.parametrize(("design", "broken"), BAD.values(), ids=BAD.keys())
def test_a_design_known_to_be_bad_breaks_its_promises(design: Design, broken: set[Promise]) -> None:
    found = explore(design, workers=2, until=broken)

    assert broken <= found.broken.keys(), str(found)


def test_every_promise_is_broken_by_some_bad_design() -> None:
    assert set().union(*(broken for _, broken in BAD.values())) == set(Promise)


def test_taking_worlds_for_one_leaves_none_out() -> None:
    smaller = OURS._replace(witness=never, around=(steps.straggle,))
    canonical = Moves(smaller, reduced=True).canonical

    every = explore(smaller, workers=2, reduced=False)
    reduced = explore(smaller, workers=2)

    assert {canonical(world) for world in every.worlds} == reduced.worlds
    assert len(every.worlds) > 10 * len(reduced.worlds)
