import stat
from pathlib import Path

import pytest

from sandbox import keys, product
from sandbox.faults import Refused
from sandbox.home import TAG, Home
from sandbox.plan import Program, Task
from sandbox.world import World
from tests.sandbox.runs import free_ports

GIVEN = {
    "DATABASE_URL": "postgresql://me:canary@db.example/rents",
    "REDIS_URL": "redis://:canary@cache.example/0",
    "SECRET_KEY": "canary",
    "HMRC_CLIENT_SECRETS": "canary",
    "TOKEN_KEK": "canary",
    "TOKEN_KEK_FILE": "/a/file",
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.prepare()
    return home


def _world(home: Home, **caller: str) -> World:
    return World(home=home, caller=caller, port=8000, sandbox_port=8001)


def _program(home: Home, name: str) -> Program:
    steps = product.plan(_world(home, **GIVEN)).steps
    return next(step for step in steps if isinstance(step, Program) and step.name == name)


class TestTheSharedEnvironment:
    def test_holds_no_secret_of_the_callers(self, home: Home) -> None:
        environ = _world(home, **GIVEN).environ()

        assert "canary" not in " ".join(environ.values())
        assert not {"HMRC_CLIENT_SECRETS_FILE", "TOKEN_KEK_FILE"} & set(environ)

    def test_names_private_files_that_hold_what_the_caller_gave(self, home: Home) -> None:
        environ = _world(home, **GIVEN).environ()

        file = Path(environ["DATABASE_URL_FILE"])
        assert file.read_text().strip() == GIVEN["DATABASE_URL"]
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_takes_the_callers_word_before_ours(self, home: Home) -> None:
        environ = _world(home, HMRC_API_URL="https://test-api.service.hmrc.gov.uk", KEK_FILE="/a/key").environ()

        assert environ["HMRC_API_URL"] == "https://test-api.service.hmrc.gov.uk"
        assert environ["KEK_FILE"] == "/a/key"

    def test_sends_programs_and_people_to_the_stand_in(self, home: Home) -> None:
        environ = _world(home).environ()

        assert environ["HMRC_TOKEN_URL"] == "http://127.0.0.1:8001/oauth/token"
        assert environ["HMRC_AUTHORIZE_URL"] == "http://localhost:8001/oauth/authorize"
        assert environ["HMRC_REDIRECT_URI"] == "http://localhost:8000/hmrc/callback"

    def test_carries_the_tag_by_which_its_processes_are_found(self, home: Home) -> None:
        assert _world(home, **{TAG: "/another"}).environ()[TAG] == str(home.path)

    def test_tells_the_stand_in_and_the_product_the_same_client(self, home: Home) -> None:
        world = _world(home)

        assert world.stand_in()["SANDBOX_CLIENT_ID"] == world.environ()["HMRC_CLIENT_ID"] == keys.client_id(home)


class TestThePlan:
    def test_gives_the_api_neither_the_token_key_nor_the_client_secret(self, home: Home) -> None:
        assert not {"TOKEN_KEK_FILE", "HMRC_CLIENT_SECRETS_FILE"} & set(_program(home, "api").environ)

    def test_gives_the_scheduler_no_token_key(self, home: Home) -> None:
        assert set(_program(home, "scheduler").environ) == {"HMRC_CLIENT_SECRETS_FILE"}

    def test_gives_who_talks_to_strangers_neither(self, home: Home) -> None:
        assert not {"TOKEN_KEK_FILE", "HMRC_CLIENT_SECRETS_FILE"} & set(_program(home, "hooks").environ)

    @pytest.mark.parametrize("name", ["worker", "tokens", "house"])
    def test_gives_those_that_open_tokens_both(self, home: Home, name: str) -> None:
        assert {"TOKEN_KEK_FILE", "HMRC_CLIENT_SECRETS_FILE"} <= set(_program(home, name).environ)

    def test_gives_each_process_that_counts_a_port_of_its_own(self, home: Home) -> None:
        plan = product.plan(_world(home, METRICS_PORT="9100"))
        ports = {step.name: step.environ["METRICS_PORT"] for step in plan.programs if "METRICS_PORT" in step.environ}

        names = ["tokens", "worker", "scheduler", "house", "hooks", "streams"]
        assert ports == {name: str(9100 + place) for place, name in enumerate(names)}

    def test_starts_no_server_for_which_an_address_was_given(self, home: Home) -> None:
        names = {step.name for step in product.plan(_world(home, **GIVEN)).steps}

        assert not {"postgres", "redis"} & names

    def test_waits_for_nothing_that_is_not_in_it(self, home: Home) -> None:
        steps = product.plan(_world(home, **GIVEN)).steps

        assert {name for step in steps for name in step.after} <= {step.name for step in steps}

    def test_sets_nothing_secret_on_a_command_line(self, home: Home) -> None:
        steps = product.plan(_world(home, **GIVEN)).steps

        words = [word for step in steps if isinstance(step, Program | Task) for word in step.argv]
        assert not [word for word in words if "canary" in word]


class TestKeys:
    def test_are_made_once(self, home: Home) -> None:
        keys.make_for_new_database(home)
        first = (home.keys / "kek").read_text()

        keys.make_for_new_database(home)

        assert (home.keys / "kek").read_text() == first

    def test_are_private_and_of_the_vaults_form(self, home: Home) -> None:
        keys.make_for_new_database(home)

        for name in ("kek", "token_kek"):
            file = home.keys / name
            assert file.read_text().startswith("k1:")
            assert len(file.read_text().strip()) == len("k1:") + 44
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_world_has_two_ports(home: Home) -> None:
    port, _ = free_ports()

    with pytest.raises(Refused, match="PORT and SANDBOX_PORT must differ"):
        World.of(home=home, caller={"PORT": str(port), "SANDBOX_PORT": str(port)})
