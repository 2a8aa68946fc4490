import socket
from pathlib import Path

import pytest

from sandbox import checks
from sandbox.faults import Broken, Refused
from tests.sandbox.runs import free_ports


@pytest.fixture
def closed_port() -> int:
    return free_ports()[0]


class TestAPort:
    def test_is_the_given_one(self, closed_port: int) -> None:
        assert checks.port("PORT", 8000, {"PORT": str(closed_port)}) == closed_port

    def test_is_the_usual_one_if_none_is_given(self, closed_port: int) -> None:
        assert checks.port("PORT", closed_port, {}) == closed_port

    @pytest.mark.parametrize("given", ["http", "0", "65536", "-1", "8000.0", "²"])
    def test_that_is_none_is_refused(self, given: str) -> None:
        with pytest.raises(Refused, match="PORT must be a port number"):
            checks.port("PORT", 8000, {"PORT": given})

    @pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
    def test_on_which_another_program_listens_is_refused(self, host: str) -> None:
        with socket.create_server((host, 0)) as taken, pytest.raises(Refused, match="is busy"):
            checks.port("PORT", 8000, {"PORT": str(taken.getsockname()[1])})


class TestASecretSetting:
    def test_may_be_given_itself(self) -> None:
        assert checks.value("REDIS_URL", {"REDIS_URL": "redis://a", "REDIS_URL_FILE": "/no/such/file"}) == "redis://a"

    def test_may_lie_in_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "url").write_text("redis://a\n")

        assert checks.value("REDIS_URL", {"REDIS_URL_FILE": str(tmp_path / "url")}) == "redis://a"

    def test_in_a_file_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(Refused, match="REDIS_URL_FILE can't be read: No such file"):
            checks.value("REDIS_URL", {"REDIS_URL_FILE": "/no/such/file"})

    def test_that_is_not_given_is_empty(self) -> None:
        assert checks.value("REDIS_URL", {}) == ""


class TestADatabaseAddress:
    @pytest.mark.parametrize(
        "url",
        [
            "canary",
            "mysql://me:canary@127.0.0.1/rents",
            "postgresql://me:canary@127.0.0.1:many/rents",
            "postgresql://me:canary@[::1/rents",
            "postgresql:///rents",
        ],
    )
    def test_of_a_wrong_shape_is_refused_without_being_quoted(self, url: str) -> None:
        with pytest.raises(Refused, match="DATABASE_URL is not an address like postgresql://") as refused:
            checks.database(url)

        assert "canary" not in str(refused.value)

    def test_with_an_option_that_nobody_knows_is_refused(self) -> None:
        with pytest.raises(Refused, match="does not understand") as refused:
            checks.database("postgresql://me:canary@127.0.0.1/rents?colour=blue")

        assert "canary" not in str(refused.value)

    @pytest.mark.parametrize("scheme", ["postgres", "postgresql", "pgsql"])
    def test_at_which_nothing_answers_is_refused_with_place_and_reason(self, scheme: str, closed_port: int) -> None:
        with pytest.raises(Refused, match=rf"DATABASE_URL: .* at 127\.0\.0\.1:{closed_port}: .*refused") as refused:
            checks.database(f"{scheme}://me:canary@127.0.0.1:{closed_port}/rents")

        assert "canary" not in str(refused.value)

    def test_that_stopped_answering_can_not_be_asked_whether_it_is_new(self, closed_port: int) -> None:
        with pytest.raises(Broken, match="could not be asked whether it is new") as broken:
            checks.database_is_empty(f"postgresql://me:canary@127.0.0.1:{closed_port}/rents")

        assert "canary" not in str(broken.value)


class TestACacheAddress:
    @pytest.mark.parametrize(
        "url", ["canary", "http://:canary@127.0.0.1", "redis://:canary@127.0.0.1:many/0", "redis://"]
    )
    def test_of_a_wrong_shape_is_refused_without_being_quoted(self, url: str) -> None:
        with pytest.raises(Refused, match="REDIS_URL is not an address like redis://") as refused:
            checks.cache(url)

        assert "canary" not in str(refused.value)

    def test_at_which_nothing_answers_is_refused_with_place_and_reason(self, closed_port: int) -> None:
        with pytest.raises(Refused, match=rf"REDIS_URL: .* at 127\.0\.0\.1:{closed_port}: .*refused") as refused:
            checks.cache(f"redis://:canary@127.0.0.1:{closed_port}/0")

        assert "canary" not in str(refused.value)

    def test_of_sentinels_is_left_to_the_application(self) -> None:
        checks.cache("redis+sentinel://sentinel.example:26379/main/0")
