"""Scopes taken out of the code, one at a time, in memory: what an oversight of somebody's would look like.

A mutant swaps the code of one function, so that every import of it, decorated or not, runs the mutant.
"""

import ast
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FunctionType, ModuleType
from typing import Any

SCOPES = {"of", "within", "about", "besides", "filter", "exclude"}
MARK = "_a_scope_was_lost"


@dataclass
class Mutant:
    """One call that narrows rows, left out. `reached` once the place was run."""

    module: ModuleType
    function: str  # its qualified name
    lost: str  # the call that is left out, as it stood there
    code: CodeType
    reached: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return f"{self.module.__name__}.{self.function} without .{self.lost}"

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Run the mutant in place of the function."""
        function = _function(self.module, self.function)
        kept = function.__code__
        setattr(self.module, MARK, self._reach)
        function.__code__ = self.code
        try:
            yield
        finally:
            function.__code__ = kept
            delattr(self.module, MARK)

    def _reach(self, rows: Any) -> Any:
        self.reached = True
        return rows


def mutants_of(module: ModuleType, *functions: str) -> list[Mutant]:
    """Return a mutant for each narrowing call in these functions of a module, or in all of them."""
    source = inspect.getsource(module)
    count = sum(_narrows(node) for node in ast.walk(ast.parse(source)))
    made = (_mutant(module, source, number) for number in range(count))
    return [mutant for mutant in made if not functions or mutant.function in functions]


def _narrows(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SCOPES


class _Cut(ast.NodeTransformer):
    """Leaves out the narrowing call of a number. `lost` and `line` say what and where."""

    def __init__(self, number: int) -> None:
        self.left, self.lost, self.line = number, "", 0

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if _narrows(node):
            assert isinstance(node.func, ast.Attribute)
            self.left -= 1
            if self.left == -1:
                self.lost = ast.unparse(node)[len(ast.unparse(node.func.value)) + 1 :]
                self.line = node.lineno
                mark = ast.Name(MARK, ast.Load())
                return ast.copy_location(ast.Call(mark, [self.visit(node.func.value)], []), node)
        return self.generic_visit(node)


def _mutant(module: ModuleType, source: str, number: int) -> Mutant:
    cut = _Cut(number)
    tree = ast.fix_missing_locations(cut.visit(ast.parse(source)))
    whole = compile(tree, str(module.__file__), "exec", dont_inherit=True)
    code = max((one for one in _functions(whole) if _holds(one, cut.line)), key=lambda one: one.co_firstlineno)
    return Mutant(module, code.co_qualname, cut.lost, code)


def _functions(code: CodeType) -> Iterator[CodeType]:
    """Yield the functions and methods of a module: not what is defined inside of them."""
    for one in code.co_consts:
        if isinstance(one, CodeType) and "<locals>" not in one.co_qualname:
            yield one
            yield from _functions(one)


def _holds(code: CodeType, line: int) -> bool:
    lines = [number for *_, number in _all_lines(code) if number is not None]
    return bool(lines) and MARK in _names(code) and min(lines) <= line <= max(lines)


def _all_lines(code: CodeType) -> Iterator[tuple[int, int, int | None]]:
    yield from code.co_lines()


def _names(code: CodeType) -> set[str]:
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    return set(code.co_names).union(*map(_names, inner))


def _function(module: ModuleType, qualname: str) -> FunctionType:
    found: Any = module
    for part in qualname.split("."):
        found = inspect.getattr_static(found, part)
    function = inspect.unwrap(found)
    assert isinstance(function, FunctionType), qualname
    return function
