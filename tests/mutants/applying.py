"""A mutant put into this process: the functions and constants that already stand are changed where they are.

Nothing is imported anew, so that whoever holds a class or a function holds the changed one.
"""

import ast
import sys
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any

from tests.mutants.making import Mutant, source_of


class LoadError(Exception):
    """The changed module would not come up at all."""


def apply(mutant: Mutant) -> None:
    """Change this process. Raises LoadError."""
    if isinstance(mutant.unit, ast.FunctionDef):
        _replace_function(mutant, mutant.unit)
        return
    for name, (old, new) in constants(mutant).items():
        for module in list(sys.modules.values()):
            if isinstance(module, ModuleType) and vars(module).get(name) is old:
                setattr(module, name, new)


def constants(mutant: Mutant) -> dict[str, tuple[object, object]]:
    """What the module's own constants were, and what they become: the changed one and those made of it.

    Raises LoadError.
    """
    module = _module(mutant)
    changed = {**vars(module)}
    is_behind = False
    for statement in ast.parse(source_of(mutant.file).read_text()).body:
        is_it = statement.lineno == mutant.unit.lineno
        is_behind |= is_it
        if is_behind and isinstance(statement, ast.Assign | ast.AnnAssign):
            _run(mutant.unit if is_it else statement, module, changed)
    return {name: (old, changed[name]) for name, old in vars(module).items() if changed[name] != old}


def _replace_function(mutant: Mutant, unit: ast.FunctionDef) -> None:
    module = _module(mutant)
    holder: Any = getattr(module, mutant.owner) if mutant.owner else module
    made: dict[str, Any] = {**vars(module)}
    bare = ast.FunctionDef(**{**dict(ast.iter_fields(unit)), "decorator_list": []})
    _run(ast.copy_location(bare, unit), module, made)
    old, new = _plain(vars(holder)[unit.name]), made[unit.name]
    old.__code__ = new.__code__
    old.__defaults__, old.__kwdefaults__ = new.__defaults__, new.__kwdefaults__


def _plain(held: Any) -> FunctionType:
    """The function below whatever its decorator made of it."""
    for inner in ("__func__", "fget"):
        held = getattr(held, inner, held)
    assert isinstance(held, FunctionType)
    return held


def _run(statement: ast.stmt, module: ModuleType, names: dict[str, Any]) -> None:
    code = compile(ast.Module([statement], []), str(module.__file__), "exec")
    try:
        exec(code, names)
    except Exception as why:  # whatever it is, the module does not come up
        raise LoadError from why


def _module(mutant: Mutant) -> ModuleType:
    return import_module(f"hmrc_oauth.{mutant.file.replace('/', '.')}")
