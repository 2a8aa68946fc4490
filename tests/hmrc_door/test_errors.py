"""HMRC's codes and ours: one table, and nothing falls through it."""

import re

import pytest

from hmrc_door.bodies import HmrcError, HmrcFault
from hmrc_door.errors import CATALOGUE, TABLE, explain, meaning, meaning_of, meanings_of
from hmrc_door.outcomes import NotSent, Refused, Unknown, classify

# Where the guide gives the status only, our facts name the code.
COMMON_ERRORS = [
    (401, "MISSING_CREDENTIALS", "hmrc.credentials_rejected"),
    (401, "INVALID_CREDENTIALS", "hmrc.token_expired"),
    (401, "UNAUTHORIZED", "hmrc.credentials_rejected"),
    (401, "INCORRECT_ACCESS_TOKEN_TYPE", "hmrc.credentials_rejected"),
    (403, "HTTPS_REQUIRED", "hmrc.request_rejected"),
    (403, "RESOURCE_FORBIDDEN", "hmrc.not_subscribed"),
    (403, "INVALID_SCOPE", "hmrc.scope"),
    (403, "FORBIDDEN", "hmrc.not_authorised"),
    (403, "CLIENT_OR_AGENT_NOT_AUTHORISED", "hmrc.not_authorised"),
    (403, "CLIENT_NOT_MTD_ENROLLED", "hmrc.not_enrolled"),
    (404, "MATCHING_RESOURCE_NOT_FOUND", "hmrc.not_found"),
    (404, "NO_OBLIGATIONS_FOUND", "hmrc.no_obligations"),
    (405, "METHOD_NOT_ALLOWED", "hmrc.request_rejected"),
    (406, "ACCEPT_HEADER_INVALID", "hmrc.request_rejected"),
    (415, "INVALID_BODY_TYPE", "hmrc.request_rejected"),
    (429, "MESSAGE_THROTTLED_OUT", "hmrc.throttled"),
    (500, "INTERNAL_SERVER_ERROR", "hmrc.internal_error"),
    (501, "NOT_IMPLEMENTED", "hmrc.request_rejected"),
    (503, "SERVER_ERROR", "hmrc.unavailable"),
    (503, "SCHEDULED_MAINTENANCE", "hmrc.maintenance"),
    (504, "GATEWAY_TIMEOUT", "hmrc.unavailable"),
]


class TestTheTable:
    def test_holds_each_of_our_codes_once(self) -> None:
        codes = [entry.code for entry in CATALOGUE]

        assert len(codes) == len(set(codes))
        assert all(re.fullmatch(r"hmrc\.[a-z_]+", code) for code in codes)

    def test_gives_each_of_hmrcs_codes_one_meaning(self) -> None:
        codes = [code for row in TABLE for code in row.hmrc_codes]

        assert len(codes) == len(set(codes))

    @pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.code)
    def test_says_in_sentences_what_to_do(self, entry: object) -> None:
        title, action = entry.title, entry.user_action  # type: ignore[attr-defined]

        assert title[0].isupper()
        assert not title.endswith(".")
        assert action.endswith(".")

    @pytest.mark.parametrize(
        ("code", "title", "action"),
        [
            ("hmrc.not_connected", "Not authorised with HMRC", 'Complete the "Connect to HMRC" authorisation flow'),
            ("hmrc.nino_missing", "Submission rejected by HMRC", "National Insurance Number on file"),
            (
                "hmrc.nino_mismatch",
                "Submission rejected by HMRC",
                "Verify the National Insurance Number on file matches your Government Gateway account",
            ),
            ("hmrc.reconnect_required", "Token expired", 'Re-authorise via "Connect to HMRC"'),
            ("hmrc.unavailable", "HMRC service outage", "Check HMRC API service availability"),
        ],
    )
    def test_keeps_the_words_of_the_troubleshooting_page(self, code: str, title: str, action: str) -> None:
        assert title in meaning(code).title
        assert action in meaning(code).user_action

    def test_knows_no_other_code_of_ours(self) -> None:
        with pytest.raises(KeyError):
            meaning("hmrc.invented")


class TestExplaining:
    @pytest.mark.parametrize(("status", "hmrc_code", "code"), COMMON_ERRORS)
    def test_each_error_common_to_all_apis(self, status: int, hmrc_code: str, code: str) -> None:
        outcome = classify(status=status, headers={}, body=f'{{"code":"{hmrc_code}","message":"m"}}'.encode())

        assert isinstance(outcome, Refused | Unknown)
        assert explain(outcome).code == code

    def test_a_code_we_do_not_know_passes_as_other(self) -> None:
        assert meaning_of(hmrc_code="RULE_OF_NEXT_YEAR", status=400).code == "hmrc.other"

    @pytest.mark.parametrize(
        ("status", "code"),
        [
            (307, "hmrc.moved"),
            (401, "hmrc.token_expired"),
            (403, "hmrc.other"),
            (429, "hmrc.throttled"),
            (500, "hmrc.internal_error"),
            (502, "hmrc.unavailable"),
            (503, "hmrc.unavailable"),
            (None, "hmrc.other"),
        ],
    )
    def test_without_a_code_the_status_speaks(self, status: int | None, code: str) -> None:
        assert meaning_of(hmrc_code="", status=status).code == code

    def test_several_faults_are_each_explained_and_the_first_is_shown(self) -> None:
        faults = (HmrcFault(code="FORMAT_VALUE"), HmrcFault(code="RULE_BOTH_EXPENSES_SUPPLIED"))
        outcome = Refused(status=400, error=HmrcError(code="INVALID_REQUEST", faults=faults))

        assert [each.code for each in meanings_of(outcome)] == ["hmrc.figures_invalid", "hmrc.both_expenses"]
        assert explain(outcome).code == "hmrc.figures_invalid"

    @pytest.mark.parametrize(
        ("outcome", "code"),
        [
            (NotSent(reason="no_slot"), "hmrc.not_sent"),
            (NotSent(reason="pace_unavailable"), "hmrc.not_sent"),
            (NotSent(reason="connection_refused"), "hmrc.unavailable"),
            (NotSent(reason="client_secret_missing"), "hmrc.client_refused"),
            (Unknown(reason="read_timeout"), "hmrc.no_answer"),
            (Unknown(reason="unreadable_answer", status=200), "hmrc.no_answer"),
            (Unknown(reason="server_error", status=503), "hmrc.unavailable"),
        ],
    )
    def test_what_is_no_answer_has_a_meaning_too(self, outcome: NotSent | Unknown, code: str) -> None:
        assert explain(outcome).code == code
