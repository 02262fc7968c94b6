"""Mutants of Python modules, found in the syntax tree and written as edits of the source.

Decides what can be mutated in code:

``constant``  a function that returns ``bool`` or ``float``, or one that the settings list, returns one value
``row``       an element of a table (a tuple, list or dict of module level) is dropped; a rule that carries
              its own example is disabled instead, because its example would be dropped with it
``cost``      a number of a table or constant of module level becomes 0 or 100 times as large
``guard``     ``if …: return``, ``continue`` or ``break`` is never taken
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from mutants import Edit, Mutant, one_line

_VALUES = {"bool": ("True", "False"), "float": ("0.0", "1.0")}
_NEVER_ROWS = ("compile", "frozenset", "set", "range", "join", "TypeVar", "namedtuple")


class CodeMutants:
    """The mutants of one module.

    Parameters
    ----------
    package, path
        Where the mutants are counted, and the file relative to the root.
    source
        The file.
    listed
        Function name → the values (as source) that it returns instead.
    disabled
        Class of a rule → the field, with the value, by which it never holds: ``when=lambda *_: False``.
    """

    def __init__(
        self,
        package: str,
        path: str,
        source: bytes,
        listed: Mapping[str, Sequence[str]] | None = None,
        disabled: Mapping[str, str] | None = None,
    ) -> None:
        self.package, self.path, self.source = package, path, source
        self.listed: dict[str, Sequence[str]] = dict(listed or {})
        self.disabled = dict(disabled or {})
        self.tree = ast.parse(source)
        self.lines = [0]
        for line in source.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def find(self) -> Iterator[Mutant]:
        """Yield every mutant of the module, and fail for a listed function that is not there."""
        yield from self._constants()
        for name, value in self._module_values():
            yield from self._rows(name, value)
            yield from self._costs(name, value)
        yield from self._guards()

    def _at(self, line: int, column: int) -> int:
        return self.lines[line - 1] + column

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        end_line, end_column = node.end_lineno, node.end_col_offset
        assert end_line is not None
        assert end_column is not None
        return self._at(node.lineno, node.col_offset), self._at(end_line, end_column)

    def _text(self, node: ast.expr | ast.stmt) -> str:
        start, end = self._span(node)
        return self.source[start:end].decode()

    def _mutant(
        self,
        kind: str,
        node: ast.expr | ast.stmt,
        change: str,
        edits: Sequence[Edit],
        key: str,
        listed: bool = False,
    ) -> Mutant:
        return Mutant(
            kind, self.package, self.path, node.lineno, change, tuple(edits), f"{kind} {key}", listed
        )

    # --- constant -------------------------------------------------------------------------------------------

    def _constants(self) -> Iterator[Mutant]:
        missing = set(self.listed)
        for name, node in _functions(self.tree, ""):
            missing.discard(name)
            annotation = node.returns.id if isinstance(node.returns, ast.Name) else ""
            values: Sequence[str] = self.listed.get(name, _VALUES.get(annotation, ()))
            has_docstring = ast.get_docstring(node, clean=False) is not None
            body = node.body[1:] if has_docstring else node.body
            if not body or _is_generator(node):
                continue
            first = body[0]
            indent = " " * first.col_offset
            start = self._at(first.lineno, first.col_offset)
            for value in values:
                if (
                    len(body) == 1
                    and isinstance(first, ast.Return)
                    and self._text(first) == f"return {value}"
                ):
                    continue
                yield self._mutant(
                    "constant",
                    node,
                    f"{name}() returns {value}",
                    [Edit(start, start, f"return {value}\n{indent}".encode())],
                    f"{name} {value}",
                    name in self.listed,
                )
        if missing:
            raise ValueError(
                f"{self.path} has no function {', '.join(sorted(missing))}: correct the settings"
            )

    # --- row and cost ---------------------------------------------------------------------------------------

    def _module_values(self) -> Iterator[tuple[str, ast.expr]]:
        """Yield the name and the value of each constant of the module."""
        for statement in self.tree.body:
            if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                target, value = statement.targets[0], statement.value
            elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
                target, value = statement.target, statement.value
            else:
                continue
            if isinstance(target, ast.Name) and target.id.isupper():
                yield target.id, value

    def _rows(self, name: str, value: ast.expr) -> Iterator[Mutant]:
        if isinstance(value, ast.Call) and _called(value) not in _NEVER_ROWS:
            for inner in [*value.args, *(keyword.value for keyword in value.keywords)]:
                yield from self._rows(name, inner)
        elif isinstance(value, ast.Dict):
            pairs = list(zip(value.keys, value.values, strict=True))
            if len(pairs) > 1 and not all(_is_number(item) for _, item in pairs):
                last = self._span(pairs[-1][1])[1]
                for key, item in pairs:
                    if key is not None:
                        yield self._dropped(name, key, (self._span(key)[0], self._span(item)[1]), last)
            for _, item in pairs:
                if isinstance(item, ast.Dict | ast.Tuple | ast.List):
                    yield from self._rows(name, item)
        elif isinstance(value, ast.Tuple | ast.List) and len(value.elts) > 1:
            last = self._span(value.elts[-1])[1]
            for row in value.elts:
                if isinstance(row, ast.Call | ast.Tuple | ast.List | ast.Name | ast.Attribute | ast.Lambda):
                    yield self._dropped(name, row, self._span(row), last)

    def _dropped(self, table: str, row: ast.expr, span: tuple[int, int], last: int) -> Mutant:
        """Drop a row with the comma after it; the last row keeps one, so that a tuple stays a tuple."""
        start, end = span
        text = self.source[start:end].decode()
        never = self.disabled.get(_called(row)) if isinstance(row, ast.Call) else None
        if never is not None:
            edits = [
                Edit(start, start, b"__import__('dataclasses').replace("),
                Edit(end, end, f", {never})".encode()),
            ]
            return self._mutant(
                "row", row, f"{table} with {one_line(text)} disabled", edits, f"{table} {text}"
            )
        comma = self.source.find(b",", end)
        edits = [Edit(start, end, b"")]
        if end < last:
            edits = [Edit(start, comma + 1, b"")]
            if not self.source[last:].lstrip().startswith(b","):
                edits.append(Edit(last, last, b","))
        elif comma >= 0 and not self.source[end:comma].strip():
            edits = [Edit(start, comma + 1, b"")]
        return self._mutant("row", row, f"{table} without {one_line(text)}", edits, f"{table} {text}")

    def _costs(self, name: str, value: ast.expr) -> Iterator[Mutant]:
        numbers = list(_numbers(value))
        for number, place in numbers:
            old = self._text(number)
            context = f"{name}{place}"
            for new in _other_numbers(old):
                yield self._mutant(
                    "cost",
                    number,
                    f"{context}: {old} becomes {new}",
                    [Edit(*self._span(number), new.encode())],
                    f"{context} {old} {new}",
                )
        if len(numbers) > 2:
            edits = [Edit(*self._span(number), b"0") for number, _ in numbers]
            yield self._mutant(
                "cost", value, f"all {len(edits)} numbers of {name} become 0", edits, f"{name} all"
            )

    # --- guard ----------------------------------------------------------------------------------------------

    def _guards(self) -> Iterator[Mutant]:
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.If) or node.orelse or len(node.body) != 1:
                continue
            leaves = node.body[0]
            if not isinstance(leaves, ast.Return | ast.Continue | ast.Break) or _is_absence(node.test):
                continue
            if any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(node.test)):
                continue  # what follows needs the name
            edits = []
            for reason in _reasons(node.test):
                start, end = self._span(reason)
                edits += [Edit(start, start, b"False and ("), Edit(end, end, b")")]
            test, leaving = self._text(node.test), self._text(leaves)
            yield self._mutant(
                "guard",
                node,
                f"never: if {one_line(test)}: {one_line(leaving, 40)}",
                edits,
                f"{test} {leaving}",
            )


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield every function with its dotted name inside the module."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            name = f"{prefix}{child.name}"
            if isinstance(child, ast.FunctionDef):
                yield name, child
            yield from _functions(child, f"{name}.")


def _is_generator(node: ast.FunctionDef) -> bool:
    return any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in ast.walk(node))


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _numbers(value: ast.expr, place: str = "") -> Iterator[tuple[ast.expr, str]]:
    """Yield the numbers of a table with where they are: ``["Drug"]``, ``[2][0]``, ``[3].cost``."""
    if _is_number(value):
        yield value, place
    elif isinstance(value, ast.Dict):
        for key, item in zip(value.keys, value.values, strict=True):
            if key is not None:
                yield from _numbers(item, f"{place}[{one_line(ast.unparse(key), 30)}]")
    elif isinstance(value, ast.Tuple | ast.List):
        for index, item in enumerate(value.elts):
            yield from _numbers(item, f"{place}[{index}]")
    elif isinstance(value, ast.Call) and _called(value) not in _NEVER_ROWS:
        for index, item in enumerate(value.args):
            yield from _numbers(item, f"{place}({index})")
        for keyword in value.keywords:
            yield from _numbers(keyword.value, f"{place}.{keyword.arg}")


def _other_numbers(old: str) -> tuple[str, ...]:
    """Return what a number becomes.

    >>> _other_numbers("2.5"), _other_numbers("0")
    (('0', '250.0'), ('100',))
    """
    number = ast.literal_eval(old)
    return ("0", repr(number * 100)) if number else ("100",)


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _reasons(test: ast.expr) -> list[ast.expr]:
    """Return what a guard tests beside absence: of ``x is None or x.end < 3`` the second half."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) and any(map(_is_absence, test.values)):
        return [part for part in test.values if not _is_absence(part)]
    return [test]


def _is_absence(test: ast.expr) -> bool:
    """Whether a test only asks if there is anything (``x is None``, ``not found``): what follows needs it."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return isinstance(test.operand, ast.Name | ast.Attribute)
    if isinstance(test, ast.BoolOp):
        return all(map(_is_absence, test.values))
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.ops[0], ast.Is)
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value is None
    )
