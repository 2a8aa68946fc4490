"""Money goes through exactly, and an error is understood however badly it is formed."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hmrc_door.bodies import JSON, Unreadable, read_error, read_json, write_json

PENNIES = some.decimals(min_value=Decimal("-99999999999.99"), max_value=Decimal("99999999999.99"), places=2)


class TestMoney:
    @given(PENNIES)
    def test_survives_both_ways_to_the_penny(self, amount: Decimal) -> None:
        written = write_json({"periodAmount": amount})

        assert written == f'{{"periodAmount":{amount:f}}}'.encode()
        assert read_json(written) == {"periodAmount": amount}

    @pytest.mark.parametrize("amount", ["0.10", "1E+3", "1E-2", "-0.01", "99999999999.99"])
    def test_is_written_as_plain_digits(self, amount: str) -> None:
        assert b"E" not in write_json(Decimal(amount))

    def test_is_never_a_float(self) -> None:
        with pytest.raises(TypeError, match="never a float"):
            write_json({"income": [1.1]})  # type: ignore[list-item]

    @pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
    def test_is_always_a_number(self, amount: str) -> None:
        with pytest.raises(ValueError, match="not a number"):
            write_json(Decimal(amount))

    def test_leaves_the_rest_as_json_has_it(self) -> None:
        body: JSON = {"a": None, "b": [True, 1, 'é"\\\n'], "c": {}}

        assert read_json(write_json(body)) == body


class TestReading:
    @pytest.mark.parametrize("raw", [b"{", b"<html>", b"NaN", b'{"a":Infinity}', b"\xff", b"[" * 100_000, b"9" * 5_000])
    def test_what_is_not_json_is_unreadable_and_not_quoted(self, raw: bytes) -> None:
        with pytest.raises(Unreadable) as refused:
            read_json(raw)

        assert refused.value.__cause__ is None
        assert refused.value.__suppress_context__

    @pytest.mark.parametrize("number", ["1E+999999999", "-1E-999999999", "0.0E+999999999"])
    def test_a_number_that_would_fill_the_memory_is_unreadable(self, number: str) -> None:
        with pytest.raises(Unreadable):
            read_json(f'{{"periodAmount":{number}}}'.encode())

    def test_nothing_is_nothing(self) -> None:
        assert read_json(b" \n") is None


class TestErrors:
    def test_a_single_one_keeps_its_paths_and_what_we_do_not_know(self) -> None:
        error = read_error(
            b'{"code":"FORMAT_VALUE","message":"m","paths":["/ukProperty/income/periodAmount"],"reactivationTimestamp":1}'
        )

        assert (error.code, error.message, error.paths) == ("FORMAT_VALUE", "m", ("/ukProperty/income/periodAmount",))
        assert error.extra == {"reactivationTimestamp": 1}
        assert error.codes == ("FORMAT_VALUE",)

    def test_several_are_all_kept_with_path_or_paths(self) -> None:
        error = read_error(
            b'{"code":"INVALID_REQUEST","message":"Invalid request","errors":['
            b'{"code":"FORMAT_FROM_DATE","message":"a","path":"/fromDate"},{"code":"FORMAT_VALUE","paths":["/a","/b"]},7]}'
        )

        assert error.code == "INVALID_REQUEST"
        assert error.codes == ("FORMAT_FROM_DATE", "FORMAT_VALUE")
        assert [fault.paths for fault in error.faults] == [("/fromDate",), ("/a", "/b")]

    def test_oauth_errors_are_errors_too(self) -> None:
        error = read_error(b'{"error":"invalid_grant","error_description":"refresh_token is invalid"}')

        assert (error.code, error.message) == ("invalid_grant", "refresh_token is invalid")

    @pytest.mark.parametrize(
        "raw",
        [
            b'{ "code": "MESSAGE_THROTTLED_OUT", "message": "slow down", }',
            b'{"code":"MESSAGE_THROTTLED_OUT","message":"slow down"',
            b"<errorResponse>\n <code>MESSAGE_THROTTLED_OUT</code><message> slow down </message></errorResponse>",
        ],
        ids=["stray comma", "cut off", "xml"],
    )
    def test_a_body_that_is_not_json_is_read_all_the_same(self, raw: bytes) -> None:
        error = read_error(raw)

        assert (error.code, error.message) == ("MESSAGE_THROTTLED_OUT", "slow down")

    def test_its_words_can_be_stored_and_its_faults_are_counted(self) -> None:
        body = {"code": "A\x00\ud800B", "message": "m" * 10_000, "errors": [{"code": "C\n" * 1_000}] * 1_000}

        error = read_error(json.dumps(body).encode())

        assert (error.code, len(error.message), len(error.faults)) == ("A\ufffd\ufffdB", 500, 100)
        assert {(code[:2], len(code)) for code in error.codes} == {("C\ufffd", 500)}

    def test_the_outermost_code_of_a_broken_body_wins(self) -> None:
        assert read_error(b'{"code":"OUTER","errors":[{"code":"INNER"},]}').code == "OUTER"

    @given(some.binary(max_size=200))
    def test_no_body_is_ever_too_much(self, raw: bytes) -> None:
        assert len(read_error(raw).faults) == 1 or read_error(raw).codes

    @pytest.mark.parametrize("raw", [b"", b"[]", b"<html>Forbidden</html>", b'{"code":7,"message":[],"errors":[]}'])
    def test_without_a_code_there_is_none(self, raw: bytes) -> None:
        assert read_error(raw).code == ""
