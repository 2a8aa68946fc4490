"""HMRC's codes and ours: one table, and nothing falls through it."""

import re
from types import ModuleType

import pytest

import hmrc_oauth.errors
import landlords.errors
from hmrc_door.bodies import HmrcError, HmrcFault
from hmrc_door.errors import CATALOGUE, explain, hmrc_codes, is_known, meaning, meaning_of, meanings_of, told
from hmrc_door.meanings import TABLE
from hmrc_door.outcomes import NotSent, Refused, Unknown
from tenants.faults import Fault, Who
from tests.hmrc_door.hmrc_codes import CODES

EVERY = sorted({code for codes in CODES.values() for code in codes.split()})


class TestTheTable:
    def test_holds_each_of_our_codes_once(self) -> None:
        codes = [entry.code for entry in CATALOGUE]

        assert len(codes) == len(set(codes))
        assert all(re.fullmatch(r"hmrc\.[a-z_]+", code) for code in codes)

    def test_gives_each_of_hmrcs_codes_one_meaning(self) -> None:
        codes = [code for row in TABLE for code in row.hmrc_codes]

        assert len(codes) == len(set(codes))

    @pytest.mark.parametrize("code", EVERY)
    def test_knows_every_code_that_hmrc_documents(self, code: str) -> None:
        assert is_known(code)
        assert meaning_of(hmrc_code=code, status=400).code != "hmrc.other"

    def test_holds_no_code_that_hmrc_does_not_document(self) -> None:
        held = {code for row in TABLE for code in row.hmrc_codes}

        # The guide's sample of several errors has a code of its own for them all.
        assert held == {*EVERY, "BAD_REQUEST"}
        assert len(EVERY) == 144

    def test_is_the_one_place_for_what_a_room_raises_too(self) -> None:
        promised = [*_faults(landlords.errors), *_faults(hmrc_oauth.errors)]

        assert len(promised) == 4
        assert [(fault.title, fault.who, fault.user_action) for fault in promised] == [told(of.code) for of in promised]

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
        assert hmrc_codes("hmrc.invented") == ()
        with pytest.raises(KeyError):
            meaning("hmrc.invented")

    def test_says_who_must_act_in_the_words_of_the_house(self) -> None:
        assert {entry.who for entry in CATALOGUE} == set(Who) - {Who.CALLER}

    def test_says_which_of_hmrcs_codes_one_of_ours_stands_for(self) -> None:
        assert hmrc_codes("hmrc.scope") == ("INVALID_SCOPE", "invalid_scope")


class TestExplaining:
    def test_a_code_we_do_not_know_passes_as_other(self) -> None:
        assert meaning_of(hmrc_code="RULE_OF_NEXT_YEAR", status=400).code == "hmrc.other"

    @pytest.mark.parametrize(
        ("status", "code"),
        [
            (307, "hmrc.moved"),
            (401, "hmrc.token_expired"),
            (403, "hmrc.other"),
            (405, "hmrc.request_rejected"),
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
            (NotSent(reason="only_sandbox"), "hmrc.only_sandbox"),
            (Refused(status=403, error=HmrcError(code="FORBIDDEN")), "hmrc.not_authorised"),
            (Unknown(reason="read_timeout"), "hmrc.no_answer"),
            (Unknown(reason="unreadable_answer", status=200), "hmrc.no_answer"),
            (Unknown(reason="server_error", status=503), "hmrc.unavailable"),
        ],
    )
    def test_what_is_no_answer_has_a_meaning_too(self, outcome: NotSent | Refused | Unknown, code: str) -> None:
        assert explain(outcome).code == code


def _faults(module: ModuleType) -> list[type[Fault]]:
    return [each for each in Fault.all() if each.__module__ == module.__name__ and each.code.startswith("hmrc.")]
