"""Python syntax trees: the few nodes that functions are made of, and functions made of them.

Nothing here is ever text: trees go straight to `compile`, and its code objects become functions.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any

UNSET = ast.Constant(value=...)
"""What a local variable holds until it is computed; no value of the language is an ellipsis."""


def name(identifier: str) -> ast.expr:
    """A variable that is read."""
    return ast.Name(id=identifier, ctx=ast.Load())


def constant(value: bool | int | str | None) -> ast.expr:  # noqa: FBT001 - any plain value
    """A value that Python can write down."""
    return ast.Constant(value=value)


def attribute(value: ast.expr, field: str) -> ast.expr:
    """`value.field`."""
    return ast.Attribute(value=value, attr=field, ctx=ast.Load())


def call(function: ast.expr, *arguments: ast.expr) -> ast.expr:
    """`function(arguments)`."""
    return ast.Call(func=function, args=list(arguments), keywords=[])


def compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    """`left operator right`."""
    return ast.Compare(left=left, ops=[operator], comparators=[right])


def keep(identifier: str, value: ast.expr) -> ast.expr:
    """`(identifier := value)`."""
    return ast.NamedExpr(target=ast.Name(id=identifier, ctx=ast.Store()), value=value)


def choose(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    """`then if test else otherwise`."""
    return ast.IfExp(test=test, body=then, orelse=otherwise)


def both(*values: ast.expr) -> ast.expr:
    """`a and b and …`."""
    return ast.BoolOp(op=ast.And(), values=list(values))


def either(*values: ast.expr) -> ast.expr:
    """`a or b or …`."""
    return ast.BoolOp(op=ast.Or(), values=list(values))


def negation(value: ast.expr) -> ast.expr:
    """`not value`."""
    return ast.UnaryOp(op=ast.Not(), operand=value)


def last(*values: ast.expr) -> ast.expr:
    """`(a, b, …)[-1]`: all of them in turn, and the value of the last."""
    return ast.Subscript(
        value=ast.Tuple(elts=list(values), ctx=ast.Load()), slice=constant(-1), ctx=ast.Load()
    )


def assign(identifiers: Sequence[str], value: ast.expr) -> ast.stmt:
    """`a = b = … = value`."""
    return ast.Assign(
        targets=[ast.Name(id=each, ctx=ast.Store()) for each in identifiers], value=value
    )


def function(
    identifier: str, parameters: Sequence[str], body: Sequence[ast.stmt]
) -> ast.FunctionDef:
    """`def identifier(parameters): body`."""
    return ast.FunctionDef(
        name=identifier,
        args=ast.arguments(
            posonlyargs=[],
            args=[ast.arg(arg=each) for each in parameters],
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[],
        ),
        body=list(body),
        decorator_list=[],
    )


def build(
    definitions: Sequence[ast.FunctionDef], variables: Mapping[str, object]
) -> dict[str, Callable[..., Any]]:
    """The functions of some definitions, which see each other, the variables and nothing else."""
    module = ast.Module(body=list(definitions), type_ignores=[])
    _place(module)
    code = compile(module, "<policy>", "exec", dont_inherit=True)
    scope: dict[str, Any] = {"__builtins__": {}, **variables}
    functions: dict[str, Callable[..., Any]] = {
        part.co_name: FunctionType(part, scope)
        for part in code.co_consts
        if isinstance(part, CodeType)
    }
    scope.update(functions)
    return functions


def _place(module: ast.Module) -> None:
    """Give every node the place that `compile` asks for; `ast` does so by recursion."""
    for node in ast.walk(module):
        if isinstance(node, ast.expr | ast.stmt | ast.excepthandler | ast.arg):
            node.lineno = node.end_lineno = 1
            node.col_offset = node.end_col_offset = 0
