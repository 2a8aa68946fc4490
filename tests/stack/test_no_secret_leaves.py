"""After everything else: no secret that the session has seen stands anywhere in what the world has written down."""

import base64
import secrets

import pytest
from redis import Redis

from tests.stack import search
from tests.stack.cast import Landlord
from tests.stack.world import World

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("world_of", ["calls", "pages"])
def test_no_secret_stands_anywhere_in_plain_text(world_of: str, world: World, connected: Landlord) -> None:
    """Once in the world of each process (tests/spread.py): which it is run in, its name decides."""
    world.agency.get("landlords")

    found = {each for place, data in search.places(world) for each in search.find(world, place, data)}

    assert found == set()
    assert {"API key", "client secret", "NINO", "authorization code"} <= set(world.seen.what.values())
    assert set(world.witness.digests().values()) == {"access token", "refresh token", "authorization code"}


class TestTheSearch:
    """Planted after the real one, so that it has nothing of ours to find."""

    @pytest.fixture
    def canary(self, world: World) -> str:
        """A token that the stand-in might have issued, which we know and nobody has written down."""
        canary = secrets.token_hex(16)
        world.witness.plant(canary)
        return canary

    @pytest.mark.parametrize("form", ["plain", "hex", "base64"])
    def test_finds_a_token_in_a_log(self, world: World, canary: str, form: str) -> None:
        words = {
            "plain": canary,
            "hex": canary.encode().hex(),
            "base64": base64.b64encode(f"a {canary}".encode()).decode(),
        }
        log = world.home / "logs" / "planted.log"

        log.write_text(f'{{"event": "planted", "word": "x{words[form]}"}}\n')

        assert _found_in(world, "logs/planted.log") == {"access token"}
        log.unlink()

    def test_finds_a_token_in_redis(self, world: World, canary: str) -> None:
        with Redis.from_url((world.home / "keys" / "redis_url").read_text().strip()) as server:
            server.hset("planted", "word", canary)

            assert _found_in(world, "Redis") == {"access token"}

            server.delete("planted")

    def test_finds_a_token_in_the_database(self, world: World, canary: str) -> None:
        planted = world.agency.post("landlords", {"full_name": f"Mr {canary} Larkspur"})

        found = _found_in(world, "the database")

        assert found == {"access token"}
        world.agency.call("PATCH", f"landlords/{planted['id']}", json={"full_name": "Mr Larkspur"}, expect=200)

    @pytest.mark.parametrize("written", ["AC 12 34 56 D", "ac123456d", "base64"])
    def test_finds_a_nino_however_it_is_written(self, world: World, written: str) -> None:
        world.seen.add("NINO", "AC123456D")
        text = base64.b64encode(b"of AC123456D").decode() if written == "base64" else written
        log = world.home / "logs" / "planted.log"

        log.write_text(f"the number {text} stood here")

        assert "NINO" in {what.partition(",")[0] for what in _found_in(world, "logs/planted.log")}
        log.unlink()


def _found_in(world: World, place: str) -> set[str]:
    """What is found in this place, by kind."""
    found = {
        each for name, data in search.places(world) if name.startswith(place) for each in search.find(world, name, data)
    }
    return {each.partition(" in ")[0] for each in found}
