"""HMRC, the network and our own processes fail in the middle: the work ends as if they had not."""

import pytest

from tests.stack.cast import Landlord
from tests.stack.world import World, until

pytestmark = pytest.mark.stack


class TestASubmission:
    @pytest.mark.parametrize(
        ("fault", "outcome"), [("answer_lost_after", "reconciled"), ("answer_lost_before", "confirmed")]
    )
    def test_whose_answer_was_lost_is_at_hmrc_exactly_once(
        self, world: World, connected: Landlord, fault: str, outcome: str
    ) -> None:
        asked = connected.quarter()
        world.hmrc.fail(fault, "uk_cumulative_put", connected.user)

        queued = world.agency.submit(asked)
        settled = connected.until_submission(queued["id"], "accepted")

        assert settled["outcome"] == outcome
        assert [held["times"] for held in world.hmrc.held(connected.user)] == [1]
        unknown = world.agency.feed("events", type="submission.unknown", subject_id=queued["id"])
        assert len(unknown) == 1

    def test_that_met_a_busy_hmrc_is_sent_again(self, world: World, connected: Landlord) -> None:
        asked = connected.quarter()
        world.hmrc.fail("status", "uk_cumulative_put", connected.user, status=503)

        queued = world.agency.submit(asked)
        connected.until_submission(queued["id"], "accepted")

        assert [held["times"] for held in world.hmrc.held(connected.user)] == [1]

    def test_that_met_the_rate_limit_is_sent_again(self, world: World, connected: Landlord) -> None:
        asked = connected.quarter()
        world.hmrc.fail("rate_limited", "uk_cumulative_put", connected.user)

        queued = world.agency.submit(asked)

        assert connected.until_submission(queued["id"], "accepted")["outcome"] == "confirmed"


class TestAConnection:
    def test_whose_first_read_failed_is_read_again(self, world: World, landlord: Landlord) -> None:
        back = landlord.go(landlord.begin())
        world.hmrc.fail("status", "business_list", landlord.user, status=503)

        landlord.complete(back)

        assert landlord.until_state("active")["generation"] == 1

    def test_is_made_though_the_workers_were_killed_before(self, world: World, landlord: Landlord) -> None:
        back = landlord.go(landlord.begin())

        world.kill("tokens")
        landlord.complete(back)

        landlord.until_state("active")

    def test_is_made_though_its_worker_was_killed_in_the_middle(self, world: World, landlord: Landlord) -> None:
        back = landlord.go(landlord.begin())
        world.hmrc.fail("hang", "business_list", landlord.user, seconds=6)
        landlord.complete(back)
        until(lambda: world.witness.count("access token", user_id=landlord.user.user_id))

        world.kill("worker")
        world.hmrc.pass_time(31)  # then whoever began the first read is taken for dead

        assert landlord.until_state("active", within=60)["generation"] == 1
        assert landlord.until_settled(back.said["connect_session"])["status"] == "connected"
