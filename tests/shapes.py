"""Values of a declared shape: sound ones, and some that are not."""

from typing import Any

from hypothesis import strategies as st

from mtd.shapes import Amount, Day, Flag, Object, Several, Shape, Text

_odd = st.sampled_from([1, "", "x", [], {}, True])


def values(shape: Shape, amounts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """`amounts`: what stands where the shape has an amount."""
    match shape:
        case Amount():
            return amounts
        case Flag():
            return st.booleans() | _odd
        case Text():
            return st.sampled_from(["Plaza 2", "", "x" * 91, "a/b", "\u2019"])
        case Day():
            return st.sampled_from(["2026-05-01", "2026-02-30", "1899-12-31", "20260501", "2100-01-01"])
        case Several(of):
            return st.lists(values(of, amounts), max_size=2)
        case Object(members):
            fields = {name: values(part, amounts) for name, part in members.items()}
            return st.sets(st.sampled_from(sorted(fields)), max_size=4).flatmap(
                lambda names: st.fixed_dictionaries({name: fields[name] for name in names})
            )
    raise AssertionError(shape)
