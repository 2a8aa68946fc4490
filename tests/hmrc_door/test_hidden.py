"""A hidden string shows itself to nobody who did not ask by name."""

import pickle

import pytest

from hmrc_door.hidden import Hidden

CANARY = "canary-refresh-token"


def test_shows_nothing_in_text() -> None:
    hidden = Hidden(CANARY)

    shown = f"{hidden} {hidden!r} {[hidden]} " + "%s" % (hidden,)  # noqa: UP031

    assert CANARY not in shown


def test_gives_its_text_when_asked() -> None:
    with Hidden(CANARY).open(reason="a test") as text:
        assert text == CANARY == Hidden(CANARY).reveal()


def test_travels_in_no_pickle() -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(Hidden(CANARY))


def test_is_equal_to_the_same_secret_and_to_nothing_else() -> None:
    assert Hidden("a") == Hidden("a")
    assert Hidden("a") != Hidden("b")
    assert Hidden("a") != "a"
    assert len({Hidden("a"), Hidden("a")}) == 1


def test_is_false_when_empty() -> None:
    assert not Hidden("")
    assert Hidden("a")
