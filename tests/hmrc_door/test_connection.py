"""A deadline ends whatever connection there is, or the first that there will be."""

import socket

from hmrc_door.connection import Watch, watched


def test_a_connection_made_after_the_deadline_is_ended_at_once() -> None:
    ours, theirs = socket.socketpair()
    watch = Watch()
    watch.expire()

    watch.hold(ours)

    with ours, theirs:
        assert theirs.recv(1) == b""


def test_a_connection_already_gone_is_no_trouble() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    ours.close()
    watch = Watch()
    watch.hold(ours)

    watch.expire()

    assert watch.expired


def test_a_request_that_is_over_in_time_is_left_alone() -> None:
    ours, theirs = socket.socketpair()

    with watched(seconds=60) as watch:
        watch.hold(ours)

    with ours, theirs:
        theirs.sendall(b"a")
        assert ours.recv(1) == b"a"
        assert not watch.expired
