"""What is changed: mutmut's operators, and two that code of guarded statements needs besides."""

from collections.abc import Callable, Iterable

import libcst as cst
from libcst import matchers as m
from mutmut.mutation.mutators import mutation_operators

Operator = Callable[..., Iterable[cst.CSTNode]]


def without_the_call(node: cst.Expr) -> Iterable[cst.CSTNode]:
    """A call that is made for its effect is not made."""
    if isinstance(node.value, cst.Call):
        yield cst.Pass()


def without_one(node: cst.Tuple | cst.Set | cst.List) -> Iterable[cst.CSTNode]:
    """A collection lacks one of its members; an empty set has no literal."""
    few = 2 if isinstance(node, cst.Set) else 1
    if len(node.elements) < few:
        return
    for place in range(len(node.elements)):
        left = [*node.elements[:place], *node.elements[place + 1 :]]
        # One that is left needs the comma that makes it a tuple.
        if isinstance(node, cst.Tuple) and len(left) == 1:
            left = [left[0].with_changes(comma=cst.Comma())]
        yield node.with_changes(elements=left)


OPERATORS: list[tuple[type[cst.CSTNode], Operator]] = [
    *mutation_operators,
    (cst.Expr, without_the_call),
    (cst.Tuple, without_one),
    (cst.Set, without_one),
    (cst.List, without_one),
]


def changed(node: cst.CSTNode) -> Iterable[cst.CSTNode]:
    """What each operator makes of the node, but for None in place of False: a flag is only asked whether it is true."""
    for kind, operator in OPERATORS:
        if isinstance(node, kind):
            yield from (new for new in operator(node) if not _is_another_false(node, new))


def _is_another_false(node: cst.CSTNode, new: cst.CSTNode) -> bool:
    if not (isinstance(node, cst.Call) and isinstance(new, cst.Call) and len(node.args) == len(new.args)):
        return False
    pairs = ((old.value, arg.value) for old, arg in zip(node.args, new.args, strict=True))
    return any(m.matches(old, m.Name("False")) and m.matches(arg, m.Name("None")) for old, arg in pairs)
