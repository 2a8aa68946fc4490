"""National Insurance numbers: what is taken is what HMRC takes, and each refusal says which rule."""

import re
from itertools import product
from string import ascii_uppercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlords.nino import NinoRefused, mask, parse

# HMRC's own pattern, written out once more from hmrc/README section 7, so that ours is held against something.
HMRC = re.compile(
    r"([ACEHJLMOPRSWXY][A-CEGHJ-NPR-TW-Z]|B[A-CEHJ-NPR-TW-Z]|G[ACEGHJ-NPR-TW-Z]|[KT][A-CEGHJ-MPR-TW-Z]"
    r"|N[A-CEGHJL-NPR-SW-Z]|Z[A-CEGHJ-NPR-TW-Y])[0-9]{6}[A-D ]?"
)
_QUICK = settings(max_examples=150, deadline=None, database=None, derandomize=True)
_SHAPED = st.from_regex(re.compile(r"[A-Z]{2}[0-9]{6}[A-D]", re.ASCII), fullmatch=True)


def _say(typed: str) -> str:
    try:
        return parse(typed, environment="local")
    except NinoRefused as refused:
        return f"{refused.code}: {refused}"


def _taken(nino: str) -> bool:
    try:
        parse(nino, environment="production")
    except NinoRefused:
        return False
    return True


def test_of_all_676_prefixes_exactly_hmrcs_are_taken() -> None:
    prefixes = ["".join(letters) for letters in product(ascii_uppercase, repeat=2)]

    ours = {prefix for prefix in prefixes if _taken(f"{prefix}123456A")}

    assert ours == {prefix for prefix in prefixes if HMRC.fullmatch(f"{prefix}123456A")}
    assert len(ours) == 373


@_QUICK
@given(_SHAPED)
def test_a_number_of_the_right_shape_is_taken_if_hmrc_takes_it(nino: str) -> None:
    assert _taken(nino) is (HMRC.fullmatch(nino) is not None)


@_QUICK
@given(st.text(st.sampled_from("aAbB019 \t\nQdDoO-\u0661\u00e9\u212a\0"), max_size=12))
def test_whatever_is_typed_is_a_number_or_a_refusal_and_never_repeated(typed: str) -> None:
    said = _say(typed)

    assert re.fullmatch(r"[A-Z]{2}[0-9]{6}[A-D]|nino\.(format|prefix): .*", said)
    assert len(typed.strip()) < 5 or typed.strip() not in said.partition(": ")[2]


@_QUICK
@given(_SHAPED.filter(_taken), st.data())
def test_spaces_and_lower_case_change_nothing(nino: str, data: st.DataObject) -> None:
    spaced = "".join(letter + data.draw(st.sampled_from(["", " ", "  ", "\t"])) for letter in nino)
    typed = data.draw(st.sampled_from([spaced, spaced.lower()]))

    assert parse(typed, environment="production") == nino


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "AA",
        "AA123456",
        "AA123456E",
        "AA1234567A",
        "A1123456A",
        "1A123456A",
        "AA12345GA",
        "AA123456A\0",
        "\u0391A123456A",
    ],
)
def test_another_shape_is_refused_by_the_rule_of_shape(typed: str) -> None:
    with pytest.raises(NinoRefused) as refused:
        parse(typed, environment="local")

    assert refused.value.code == "nino.format"


@pytest.mark.parametrize(
    "prefix", ["DA", "FA", "IA", "QA", "UA", "VA", "AD", "AO", "BG", "GB", "KN", "NK", "TN", "NT", "ZZ"]
)
def test_a_prefix_never_issued_is_refused_by_the_rule_of_prefixes(prefix: str) -> None:
    with pytest.raises(NinoRefused) as refused:
        parse(f"{prefix}123456A", environment="local")

    assert refused.value.code == "nino.prefix"


def test_the_documentation_prefix_passes_everywhere_but_in_production() -> None:
    assert parse("QQ123456C", environment="local") == "QQ123456C"
    with pytest.raises(NinoRefused) as refused:
        parse("QQ123456C", environment="production")
    assert refused.value.code == "nino.documentation"


def test_a_refusal_holds_no_part_of_the_number() -> None:
    with pytest.raises(NinoRefused) as refused:
        parse("DA987654A", environment="local")

    assert "987654" not in f"{refused.value} {refused.value!r} {vars(refused.value)}"


@_QUICK
@given(_SHAPED)
def test_a_mask_shows_two_and_three_characters(nino: str) -> None:
    assert mask(nino) == f"{nino[:2]}****{nino[6:]}"
    assert len(mask(nino)) == len(nino)


@pytest.mark.parametrize("environment", ["sandbox", "production"])
def test_a_number_with_a_fixed_outcome_never_reaches_hmrc(environment: str) -> None:
    assert parse("QQ000004A", environment="local") == "QQ000004A"
    with pytest.raises(NinoRefused) as refused:
        parse("qq 00 00 04 a", environment=environment)

    assert refused.value.code == "nino.stand_in"
