"""Whose headers a rehearsal may send, and what it refuses before anything is sent."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command

from hmrc_oauth import fraud_contexts
from hmrc_oauth.errors import FraudContextUnknown
from hmrc_oauth.models import Grant
from landlords import records
from landlords.models import Landlord
from mtd import rehearsal
from people.models import FraudContext
from people.principal import SYSTEM
from tests.cast import ALPHA
from tests.fraud import FACTS
from tests.hmrc_oauth.fake_door import FakeClock, FakeDoor
from tests.hmrc_oauth.scenes import KEY


def left_by_a_person(landlord_id: UUID | None, time: FakeClock) -> UUID:
    captured = fraud_contexts.capture(by=KEY, facts=FACTS, sender=None, landlord_id=landlord_id, now=time.now)
    return captured.context.pk


def rehearse(landlord: Landlord, context: UUID) -> None:
    rehearsal.conduct(reference=landlord.reference, fraud_context=context, tell=lambda _: None)


@pytest.mark.usefixtures("grant")
class TestAContext:
    def test_that_nobody_left_is_refused(self, landlord: Landlord, door: FakeDoor) -> None:
        with pytest.raises(FraudContextUnknown):
            rehearse(landlord, uuid4())

        assert door.asked == []

    def test_of_another_landlord_is_refused(self, landlord: Landlord, door: FakeDoor, time: FakeClock) -> None:
        other = records.create(by=SYSTEM, given={"full_name": "Otto Other"}, now=time.now)

        with pytest.raises(FraudContextUnknown):
            rehearse(landlord, left_by_a_person(other.pk, time))

        assert door.asked == []

    def test_that_was_wiped_is_not_taken_for_one_without_headers(
        self, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        context = left_by_a_person(None, time)
        FraudContext.objects.filter(pk=context).update(headers=None)

        with pytest.raises(FraudContextUnknown):
            rehearse(landlord, context)

        assert door.asked == []


def test_evidence_that_could_not_be_written_is_refused_before_anything_is_sent(
    grant: Grant, landlord: Landlord, door: FakeDoor, tmp_path: Path
) -> None:
    words = ["hmrc_rehearsal", "--agency", ALPHA.host, "--landlord", landlord.reference]

    with pytest.raises(CommandError, match="--out"):
        call_command(*words, "--out", str(tmp_path / "nowhere" / "evidence.json"))

    assert door.asked == []
