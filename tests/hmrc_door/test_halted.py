"""Operations that an operator has paused do not go through the door."""

import pytest

from hmrc_door import business_details
from hmrc_door.call import call
from hmrc_door.halted import halted, is_halted
from hmrc_door.hidden import Hidden
from hmrc_door.outcomes import NotSent
from hmrc_door.pace import Lane
from tests.cast import NINO

LIST = business_details.list_businesses(Hidden(NINO))


def test_one_that_is_paused_is_not_sent_and_uses_no_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hmrc_door.config.pace", lambda: 1 / 0)

    with halted({LIST.operation}):
        outcome = call(LIST, bearer=Hidden("token"), lane=Lane.BULK, agency="a")

    assert outcome == NotSent(reason="paused")


def test_it_is_paused_inside_and_nowhere_else() -> None:
    with halted({"one"}), halted({"other"}):
        inside = (is_halted("one"), is_halted("other"))

    assert inside == (False, True)
    assert not is_halted("other")
