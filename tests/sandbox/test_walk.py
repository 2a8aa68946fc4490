"""The README's walk: what is taken out of the text, and what the shell makes of it."""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sandbox import walk
from sandbox.faults import Refused
from sandbox.home import ROOT, is_free
from tests.sandbox.runs import free_ports

BESIDE = "```sh\necho beside\n```\n"
ONE, TWO = "```sh\necho one\n```\n", "```sh\nif true; then\n  echo two\nfi\n```\n"


def held(**income: str) -> dict[str, Any]:
    """A submission as the stand-in tells of it."""
    amounts = {name: Decimal(amount) for name, amount in income.items()}
    return {"body": {"fromDate": "2026-04-06", "toDate": "2026-10-05", "ukProperty": {"income": amounts}}}


def typed(commands: list[str], *, folder: Path) -> tuple["subprocess.CompletedProcess[str]", Path]:
    """What a shell says to these blocks, and where it told what was submitted."""
    told = folder / "told.json"
    environ = {**os.environ, "WALKED": str(told)}
    done = subprocess.run(
        ["sh", "-eu", "-c", walk.script(commands)], env=environ, capture_output=True, text=True, check=False, timeout=20
    )
    return done, told


class TestTheBlocks:
    def test_are_those_between_the_marks_in_their_order(self) -> None:
        text = f"{BESIDE}\n{walk.BEGIN}\nFirst:\n\n{ONE}\nthen:\n\n{TWO}\n{walk.END}\n{BESIDE}"

        found = walk.blocks(text)

        assert found == ["echo one\n", "if true; then\n  echo two\nfi\n"]

    def test_of_other_languages_and_indented_examples_are_left_out(self) -> None:
        text = f'{walk.BEGIN}\n```json\n{{"a": 1}}\n```\n\n    echo indented\n\n{ONE}{walk.END}\n'

        found = walk.blocks(text)

        assert found == ["echo one\n"]

    @pytest.mark.parametrize(
        "text",
        [
            ONE,
            f"{walk.BEGIN}\n{ONE}",
            f"{ONE}{walk.END}\n",
            f"{walk.BEGIN}\nnothing to type\n{walk.END}\n{ONE}",
            f"{walk.END}\n{ONE}{walk.BEGIN}\n{ONE}{walk.END}",
        ],
    )
    def test_are_not_guessed_where_the_marks_are_wrong(self, text: str) -> None:
        with pytest.raises(Refused, match="holds no walk"):
            walk.blocks(text)


class TestTheReadme:
    def test_holds_a_walk_that_sh_can_read(self) -> None:
        commands = walk.blocks((ROOT / "README.md").read_text())

        read = subprocess.run(["sh", "-n", "-c", walk.script(commands)], capture_output=True, text=True, check=False)

        assert (read.returncode, read.stderr) == (0, "")

    def test_asks_for_nothing_that_a_newcomer_lacks(self) -> None:
        commands = "".join(walk.blocks((ROOT / "README.md").read_text()))

        foreign = [tool for tool in ("jq", "httpie", "docker", "psql", "sudo", ".venv/") if tool in commands]

        assert foreign == []

    def test_names_only_papers_and_tests_that_are_there(self) -> None:
        text = (ROOT / "README.md").read_text()
        named = [*re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text), *re.findall(r"`(tests/[^` ]+)`", text)]

        missing = sorted({path for path in named if not (ROOT / path).exists()})

        assert named
        assert missing == []


class TestTheScript:
    def test_shows_each_block_before_it_runs_and_tells_what_was_submitted(self, tmp_path: Path) -> None:
        commands = ["LANDLORD=l-1\n", """FIGURES='{"income": {}}'\necho "it's $LANDLORD"\n"""]

        done, told = typed(commands, folder=tmp_path)

        assert done.returncode == 0
        assert done.stdout.endswith("  echo \"it's $LANDLORD\"\nit's l-1\n")
        assert json.loads(told.read_text()) == {"landlord": "l-1", "figures": {"income": {}}}

    @pytest.mark.parametrize("faulty", ["false\n", 'echo "$NEVER_SET"\n', "exit 3\n"])
    def test_ends_at_the_first_command_that_fails(self, tmp_path: Path, faulty: str) -> None:
        done, told = typed([faulty, "LANDLORD=l-1 FIGURES={}\necho too far\n"], folder=tmp_path)

        assert done.returncode != 0
        assert "too far" not in done.stdout
        assert not told.exists()


class TestTheStandInHoldsTheFigures:
    def test_when_every_amount_is_the_same_however_it_is_written(self) -> None:
        assert walk.holds([held(periodAmount="1200.1")], {"income": {"periodAmount": "1200.10"}})

    @pytest.mark.parametrize(
        "figures",
        [
            {"income": {"periodAmount": "1200.11"}},
            {"income": {"otherIncome": "1200.10"}},
            {"income": {"periodAmount": "1200.10", "otherIncome": "0.00"}},
            {"income": {"periodAmount": "1200.10"}, "expenses": {}},
        ],
    )
    def test_not_when_anything_differs(self, figures: Mapping[str, Any]) -> None:
        assert not walk.holds([held(periodAmount="1200.10")], figures)

    def test_not_when_only_an_older_submission_was_it(self) -> None:
        newest_first = [held(periodAmount="7.00"), held(periodAmount="1200.10")]

        assert not walk.holds(newest_first, {"income": {"periodAmount": "1200.10"}})

    @pytest.mark.parametrize("submissions", [[], [{"body": {}}]])
    def test_not_when_it_holds_nothing(self, submissions: list[dict[str, Any]]) -> None:
        assert not walk.holds(submissions, {"income": {"periodAmount": "1200.10"}})


class TestWithoutARunningWorld:
    def test_it_says_so_in_one_line(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("QUARTERDAY_HOME", str(tmp_path))

        code = walk.main()

        assert code == 2
        assert (
            capsys.readouterr().err
            == f"walk: nothing runs that {tmp_path}/demo.json tells of: start `make run` first\n"
        )

    def test_an_earlier_run_s_file_is_no_running_world(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        port, _ = free_ports()
        (tmp_path / "demo.json").write_text(json.dumps({"base_url": f"http://127.0.0.1:{port}"}))
        monkeypatch.setenv("QUARTERDAY_HOME", str(tmp_path))

        code = walk.main()

        assert is_free(port)
        assert code == 2
        assert "start `make run` first" in capsys.readouterr().err
