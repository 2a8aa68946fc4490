from typing import Any

import pytest

from sandbox.hmrc.fraud.formats import CHECKERS
from sandbox.hmrc.fraud.methods import HEADERS, MAY_BE_ABSENT, Method
from sandbox.hmrc.fraud.report import feedback, validate
from tests.contract import facts
from tests.sandbox.hmrc.fraud_examples import GOOD, good_headers

VALIDATE = facts.find("GET", "/test/fraud-prevention-headers/validate")
EACH_HEADER_OF_EACH_METHOD = [(method, name) for name, methods in HEADERS.items() for method in sorted(methods)]
# How many headers HMRC's specification lists for each method.
COUNTS = {
    "WEB_APP_VIA_SERVER": 16,
    "MOBILE_APP_VIA_SERVER": 18,
    "MOBILE_APP_DIRECT": 13,
    "DESKTOP_APP_VIA_SERVER": 19,
    "DESKTOP_APP_DIRECT": 14,
    "OTHER_VIA_SERVER": 17,
    "OTHER_DIRECT": 12,
    "BATCH_PROCESS_DIRECT": 11,
}
INVALID, SUSPICIOUS = ("INVALID_HEADER", "errors"), ("POTENTIALLY_INVALID_HEADER", "warnings")

# header, value, what it is, a part of the text
BAD = [
    ("connection-method", "WEB_APP", INVALID, "connection method"),
    ("browser-js-user-agent", "Mozilla%2F5.0%20(X11)", INVALID, "separator is percent encoded"),
    ("browser-js-user-agent", "Some browser", SUSPICIOUS, "usual format"),
    ("device-id", "1234", SUSPICIOUS, "longer"),
    ("device-id", "beec798bb36647fab1f892cede14a1ceXY", SUSPICIOUS, "recommended UUID"),
    ("device-id", "00000000-0000-0000-0000-000000000000", SUSPICIOUS, "recommended UUID"),
    ("device-id", "alice%40example.com", SUSPICIOUS, "email address"),
    ("local-ips", "10.1.2.3,fe80::1", INVALID, "not percent encoded"),
    ("local-ips", "10.1.2.300", INVALID, "not an IP address"),
    ("local-ips", "10.1.2.3,", INVALID, "not an IP address"),
    ("local-ips-timestamp", "2021-01-07T09:51:03.03Z", INVALID, "yyyy-MM-ddThh:mm:ss.sssZ"),
    ("local-ips-timestamp", "2021-02-30T09:51:03.030Z", INVALID, "yyyy-MM-ddThh:mm:ss.sssZ"),
    ("mac-addresses", "ea:43:1a:5d:21:45", INVALID, "not percent encoded"),
    ("mac-addresses", "ea%3A43%3A1a%3A5d%3A21", INVALID, "not a MAC address"),
    ("multi-factor", "type=SMS&timestamp=2021-11-21T13%3A23Z&unique-reference=a1", INVALID, "'type'"),
    ("multi-factor", "type=TOTP&timestamp=2021-11-21T13%3A23&unique-reference=a1", INVALID, "'timestamp'"),
    ("multi-factor", "type=TOTP&timestamp=2021-11-31T13%3A23Z&unique-reference=a1", INVALID, "'timestamp'"),
    ("multi-factor", "type=TOTP&timestamp=2021-11-21T13%3A23Z", INVALID, "'unique-reference' is missing"),
    ("multi-factor", "type=TOTP&timestamp=2021-11-21T13:23Z&unique-reference=a1", INVALID, "not percent encoded"),
    ("public-ip", "256.1.1.1", INVALID, "not an IP address"),
    ("public-ip", "10.0.0.1", INVALID, "not a public IP address"),
    ("public-ip", "127.0.0.1", INVALID, "not a public IP address"),
    ("public-ip", "100.64.0.1", INVALID, "not a public IP address"),
    ("public-ip", "fe80::1", INVALID, "not a public IP address"),
    ("public-ip", "2001%3Adb8%3A%3A1", INVALID, "not an IP address"),
    ("public-ip-timestamp", "2020-09-21T14:30:05Z", INVALID, "yyyy-MM-ddThh:mm:ss.sssZ"),
    ("public-port", "0", INVALID, "between 1 and 65535"),
    ("public-port", "65536", INVALID, "between 1 and 65535"),
    ("public-port", "http", INVALID, "between 1 and 65535"),
    ("public-port", "80", SUSPICIOUS, "port of a server"),
    ("public-port", "443", SUSPICIOUS, "port of a server"),
    ("screens", "width=1920&height=1080&scaling-factor=1", INVALID, "'colour-depth' is missing"),
    (
        "screens",
        "width=1920.5&height=1080&scaling-factor=1&colour-depth=16",
        INVALID,
        "'width' is not a positive whole",
    ),
    ("screens", "width=1920&height=1080&scaling-factor=0&colour-depth=16", INVALID, "'scaling-factor'"),
    ("screens", "width=1920&height=1080&scaling-factor=NaN&colour-depth=16", INVALID, "placeholder"),
    ("screens", "width=1920&height=1080&scaling-factor=big&colour-depth=16", INVALID, "'scaling-factor'"),
    ("timezone", "GMT", INVALID, "time zone"),
    ("timezone", "UTC+15:00", INVALID, "time zone"),
    ("timezone", "UTC-00:20", INVALID, "time zone"),
    ("user-agent", "os-version=10", INVALID, "'os-family' is missing"),
    ("user-agent", "os-family=Windows&os-version=10", SUSPICIOUS, "'device-model' is missing"),
    ("user-agent", "os-family=Mac OS&os-version=10", INVALID, "not percent encoded"),
    ("user-ids", "alice", INVALID, "key-value"),
    ("user-ids", "os=alice&my-application=", INVALID, "'my-application' is missing"),
    ("user-ids", "os%3Dalice", INVALID, "separator is percent encoded"),
    ("window-size", "width=1256", INVALID, "'height' is missing"),
    ("window-size", "width=0&height=803", INVALID, "'width' is not a positive whole"),
    ("forwarded", "for=198.51.100.0", INVALID, "'by' is missing"),
    ("forwarded", "by=203.0.113.6", INVALID, "'for' is missing"),
    ("forwarded", "by=2001:db8::1&for=198.51.100.0", INVALID, "not percent encoded"),
    ("forwarded", "by=here&for=198.51.100.0", INVALID, "not an IP address"),
    ("forwarded", "by=192.168.0.1&for=198.51.100.0", INVALID, "not a public IP address"),
    ("license-ids", "8D7963490527D337", INVALID, "key-value"),
    ("license-ids", "my-software=", INVALID, "'my-software' is missing"),
    ("product-name", "Product Name", INVALID, "not percent encoded"),
    ("vendor-public-ip", "172.16.0.1", INVALID, "not a public IP address"),
    ("version", "my-server=", INVALID, "software version value is missing"),
    ("version", "2.2.2", INVALID, "key-value"),
]


def full_name(short: str) -> str:
    return next(name for name in HEADERS if name.removeprefix("gov-") == short or name.split("-", 2)[2] == short)


def _found(report: dict[str, Any], header: str) -> list[tuple[str, str, str]]:
    return [
        (each["code"], part, each["message"])
        for part in ("errors", "warnings")
        for each in report.get(part, ())
        if header in each["headers"]
    ]


def _method_with(header: str) -> Method:
    return next(method for method in Method if method in HEADERS[header])


@pytest.mark.parametrize("method", Method)
def test_all_the_headers_of_a_method_are_valid_and_as_many_as_hmrc_lists(method: Method) -> None:
    report = validate(good_headers(method))

    assert report["code"] == "VALID_HEADERS", report
    assert len(good_headers(method)) == COUNTS[method]
    assert set(report) == {"specVersion", "code", "message"}
    assert facts.complaints(VALIDATE.response, report) == []


def test_every_header_has_a_checker() -> None:
    assert HEADERS.keys() == CHECKERS.keys() == GOOD.keys() | {"gov-client-connection-method"}


@pytest.mark.parametrize(("method", "header"), EACH_HEADER_OF_EACH_METHOD)
def test_a_header_that_is_not_there_is_missed(method: Method, header: str) -> None:
    headers = good_headers(method)
    del headers[header.title()]

    report = validate(headers)

    advisory = header in MAY_BE_ABSENT
    expected = ("POTENTIALLY_INVALID_HEADER", "warnings") if advisory else ("MISSING_HEADER", "errors")
    assert (*expected, "Header required") in _found(report, header)
    assert report["code"] == ("POTENTIALLY_INVALID_HEADERS" if advisory else "INVALID_HEADERS")
    assert facts.complaints(VALIDATE.response, report) == []


@pytest.mark.parametrize(("method", "header"), EACH_HEADER_OF_EACH_METHOD)
def test_a_header_that_is_empty_is_said_to_be_empty(method: Method, header: str) -> None:
    report = validate(good_headers(method) | {header.title(): " "})

    part = "warnings" if header in MAY_BE_ABSENT else "errors"
    assert ("EMPTY_HEADER", part, "Value is empty") in _found(report, header)


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("placeholder", ["null", "undefined", "None"])
def test_a_placeholder_is_no_value(header: str, placeholder: str) -> None:
    report = validate(good_headers(_method_with(header)) | {header.title(): placeholder})

    assert any(code == "INVALID_HEADER" and "placeholder" in text for code, _, text in _found(report, header))


@pytest.mark.parametrize("header", HEADERS)
def test_a_value_beyond_ascii_is_invalid(header: str) -> None:
    report = validate(good_headers(_method_with(header)) | {header.title(): "Zoë"})

    assert ("INVALID_HEADER", "errors", "Value must be US-ASCII") in _found(report, header)


@pytest.mark.parametrize(("short", "value", "kind", "text"), BAD)
def test_a_bad_value_is_told_by_what_is_wrong_with_it(short: str, value: str, kind: tuple[str, str], text: str) -> None:
    header = full_name(short)

    report = validate(good_headers(_method_with(header)) | {header.title(): value})

    code, part = kind
    assert [found for found in _found(report, header) if found[:2] == (code, part) and text in found[2]], report
    assert report["code"] != "VALID_HEADERS"
    assert facts.complaints(VALIDATE.response, report) == []


def test_every_header_has_a_bad_value_here() -> None:
    assert {full_name(short) for short, *_ in BAD} == HEADERS.keys()


@pytest.mark.parametrize("method", sorted(HEADERS["gov-vendor-forwarded"]))
@pytest.mark.parametrize(
    ("header", "other"), [("gov-client-public-ip", "198.51.100.7"), ("gov-vendor-public-ip", "203.0.113.99")]
)
def test_an_address_must_be_that_of_the_first_hop(method: Method, header: str, other: str) -> None:
    report = validate(good_headers(method) | {header.title(): other})

    assert report["code"] == "INVALID_HEADERS"
    assert [error["headers"] for error in report["errors"]] == [[header, "gov-vendor-forwarded"]]


@pytest.mark.parametrize("method", Method)
def test_a_header_of_another_method_is_unexpected(method: Method) -> None:
    others = {name: GOOD[name] for name, methods in HEADERS.items() if method not in methods}

    report = validate(good_headers(method) | others | {"Gov-Client-Colour": "blue"})

    unexpected = [each for each in report["warnings"] if each["code"] == "UNEXPECTED_HEADER"]
    assert {name for each in unexpected for name in each["headers"]} == {*others, "gov-client-colour"}
    assert "errors" not in report


@pytest.mark.parametrize(
    "method", ["MOBILE_APP_VIA_SERVER", "DESKTOP_APP_VIA_SERVER", "OTHER_VIA_SERVER"], ids=lambda name: name
)
def test_a_program_that_talks_through_a_server_has_two_versions(method: str) -> None:
    report = validate(good_headers(Method(method)) | {"Gov-Vendor-Version": "my-server=1.0"})

    assert report["code"] == "POTENTIALLY_INVALID_HEADERS"


@pytest.mark.parametrize("method", Method)
def test_a_user_of_the_machine_is_asked_for_where_one_can_be_known(method: Method) -> None:
    report = validate(good_headers(method) | {"Gov-Client-User-Ids": "my-application=alice"})

    knows = method in HEADERS["gov-client-mac-addresses"]
    assert report["code"] == ("POTENTIALLY_INVALID_HEADERS" if knows else "VALID_HEADERS")


def test_no_headers_at_all_are_told_apart() -> None:
    report = validate({"Accept": "application/vnd.hmrc.1.0+json"})

    assert report["code"] == "INVALID_HEADERS"
    assert "No fraud prevention headers" in report["message"]
    assert facts.complaints(VALIDATE.response, report) == []


def test_without_a_method_only_what_every_method_sends_is_missed() -> None:
    report = validate({"Gov-Client-Timezone": "UTC+00:00"})

    missed = next(error["headers"] for error in report["errors"] if error["code"] == "MISSING_HEADER")
    assert set(missed) == {
        "gov-client-connection-method",
        "gov-client-device-id",
        "gov-client-user-ids",
        "gov-vendor-product-name",
        "gov-vendor-version",
    }


def test_findings_that_say_the_same_share_a_line() -> None:
    headers = good_headers(Method.WEB_APP_VIA_SERVER)
    del headers["Gov-Client-Timezone"], headers["Gov-Client-Window-Size"]

    report = validate(headers)

    assert [error["headers"] for error in report["errors"]] == [["gov-client-timezone", "gov-client-window-size"]]


def test_the_feedback_on_a_request_names_every_header_and_both_cross_checks() -> None:
    headers = good_headers(Method.WEB_APP_VIA_SERVER) | {"Gov-Client-Public-Port": "443", "Accept": "x"}
    del headers["Gov-Client-Timezone"]

    told = feedback({"path": "/a", "method": "GET", "time": "2026-11-22T12:00:00.000Z", "headers": headers})

    codes = {each["header"]: each["code"] for each in told["headers"]}
    assert len(codes) == COUNTS["WEB_APP_VIA_SERVER"]
    assert codes.pop("gov-client-timezone") == "MISSING_HEADER"
    assert codes.pop("gov-client-public-port") == "POTENTIALLY_INVALID_HEADER"
    assert set(codes.values()) == {"VALID_HEADER"}
    assert told["code"] == "INVALID_HEADERS"
    assert [each["code"] for each in told["crossValidation"]] == ["VALID_HEADERS", "VALID_HEADERS"]
    assert [each for each in told["headers"] if "value" not in each and each["header"] != "gov-client-timezone"] == []


def test_the_feedback_on_a_request_without_headers_says_so() -> None:
    told = feedback({"path": "/a", "method": "GET", "time": "2026-11-22T12:00:00.000Z", "headers": {"Accept": "x"}})

    assert told["code"] == "NO_HEADERS"
    assert told["headers"] == []
