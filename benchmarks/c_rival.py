"""The cohort kernel in C: the same loops, turned into C from the Python source of the kernel itself.

So the rival can never fall behind the kernel. The kernel keeps to a subset of Python for
which this takes a page: counted loops, flat arrays, plain arithmetic.
"""

from __future__ import annotations

import ast
import ctypes
import inspect
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

FLAGS = (
    "-O3", "-march=native", "-mprefer-vector-width=512", "-ffp-contract=fast", "-fno-math-errno",
    "-fno-strict-aliasing", "-shared", "-fPIC",
)  # fmt: skip
OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "/", ast.Mod: "%", ast.LShift: "<<",
    ast.RShift: ">>", ast.BitAnd: "&", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==",
    ast.IsNot: "!=", ast.NotEq: "!=",
}  # fmt: skip
PRELUDE = """
typedef long long whole;
static inline whole index_(whole i) { return i; }
"""


class Writer:
    """Writes one kernel function as C."""

    def __init__(self, function: ast.FunctionDef, constants: dict[str, Any], returns: dict[str, str]) -> None:
        self.function, self.constants, self.returns = function, constants, returns
        self.types = {arg.arg: self.argument(arg) for arg in function.args.args}

    def argument(self, arg: ast.arg) -> str:
        kind = arg.annotation.id if isinstance(arg.annotation, ast.Name) else "Any"
        return {"int": "whole", "float": "double"}.get(kind, "whole*" if arg.arg in ("bits", "extent") else "double*")

    def kind(self, node: ast.expr) -> str:
        """Type of an expression: ``whole`` or ``double``."""
        if isinstance(node, ast.Constant):
            return "double" if isinstance(node.value, float) else "whole"
        if isinstance(node, ast.Name):
            value = self.constants.get(node.id)
            return self.types.get(node.id) or ("double" if isinstance(value, float) else "whole")
        if isinstance(node, ast.Subscript):
            return self.types[node.value.id][:-1]  # type: ignore[attr-defined]
        if isinstance(node, ast.Call):
            return "whole" if node.func.id == "index" else self.returns[node.func.id]  # type: ignore[attr-defined]
        if isinstance(node, ast.IfExp):
            return self.kind(node.body)
        if isinstance(node, ast.UnaryOp):
            return self.kind(node.operand)
        if isinstance(node, ast.BinOp):
            whole = self.kind(node.left) == self.kind(node.right) == "whole" and not isinstance(node.op, ast.Div)
            return "whole" if whole else "double"
        return "whole"

    def text(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant):
            return "0" if node.value is None else repr(node.value)
        if isinstance(node, ast.Name):
            return repr(self.constants[node.id]) if node.id not in self.types else node.id
        if isinstance(node, ast.Subscript):
            return f"{self.text(node.value)}[{self.text(node.slice)}]"
        if isinstance(node, ast.Call):
            name = "index_" if node.func.id == "index" else node.func.id  # type: ignore[attr-defined]
            return f"{name}({', '.join(self.text(arg) for arg in node.args)})"
        if isinstance(node, ast.IfExp):
            return f"({self.text(node.test)} ? {self.text(node.body)} : {self.text(node.orelse)})"
        if isinstance(node, ast.UnaryOp):
            return f"(-{self.text(node.operand)})"
        if isinstance(node, ast.BinOp):
            return f"({self.text(node.left)} {OPERATORS[type(node.op)]} {self.text(node.right)})"
        if isinstance(node, ast.Compare):
            return f"({self.text(node.left)} {OPERATORS[type(node.ops[0])]} {self.text(node.comparators[0])})"
        if isinstance(node, ast.BoolOp):
            glue = " && " if isinstance(node.op, ast.And) else " || "
            return f"({glue.join(self.text(value) for value in node.values)})"
        raise NotImplementedError(ast.dump(node))

    def statement(self, node: ast.stmt) -> list[str]:
        if isinstance(node, ast.Expr):
            if isinstance(node.value, ast.Constant) or node.value.func.id == "wide":  # type: ignore[attr-defined]
                return []
            return [self.text(node.value) + ";"]
        if isinstance(node, ast.Return):
            return [f"return {self.text(node.value)};"] if node.value else ["return;"]
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id not in self.types:
                self.types[target.id] = self.kind(node.value)
            return [f"{self.text(target)} = {self.text(node.value)};"]
        if isinstance(node, ast.AugAssign):
            return [f"{self.text(node.target)} {OPERATORS[type(node.op)]}= {self.text(node.value)};"]
        if isinstance(node, ast.If):
            lines = [f"if ({self.text(node.test)}) {{", *self.block(node.body), "}"]
            return [*lines, "else {", *self.block(node.orelse), "}"] if node.orelse else lines
        if isinstance(node, ast.For):
            bounds = [self.text(arg) for arg in node.iter.args]  # type: ignore[attr-defined]
            first, last, step = {1: ["0", *bounds, "1"], 2: [*bounds, "1"], 3: bounds}[len(bounds)]
            name = node.target.id  # type: ignore[attr-defined]
            self.types.setdefault(name, "whole")
            head = f"for ({name} = {first}; {name} < {last}; {name} += {step}) {{"
            return [head, *self.block(node.body), "}"]
        raise NotImplementedError(ast.dump(node))

    def block(self, nodes: list[ast.stmt]) -> list[str]:
        return [line for node in nodes for line in self.statement(node)]

    def write(self) -> str:
        # Rows may be summed out of the scratch itself, and bits are the scratch: no promise there.
        apart = not {"x", "bits"} & set(self.types)
        arguments = ", ".join(
            f"{kind}{' restrict' if apart and kind == 'double*' else ''} {name}" for name, kind in self.types.items()
        )
        given = set(self.types)
        body = self.block(self.function.body)
        local = [f"{kind} {name};" for name, kind in self.types.items() if name not in given]
        static = "" if self.function.name == "project" else "static "
        head = f"{static}{self.returns[self.function.name]} {self.function.name}({arguments}) {{"
        return "\n".join([head, *local, *body, "}"])


def source() -> str:
    """The kernel as one C file."""
    from ykforecast.kernels import arithmetic, cohort_loops, cohort_months, cohort_start, cohort_year_end

    modules: tuple[ModuleType, ...] = (arithmetic, cohort_months, cohort_start, cohort_year_end, cohort_loops)
    parts: list[tuple[ast.FunctionDef, dict[str, Any]]] = []
    for module in modules:
        constants = {name: value for name, value in vars(module).items() if isinstance(value, int | float)}
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.FunctionDef) and node.name not in ("wide", "index") and node.decorator_list:
                parts.append((node, constants))
    returns = {
        node.name: "double" if isinstance(node.returns, ast.Name) and node.returns.id == "float" else "void"
        for node, _ in parts
    }
    bodies = [Writer(node, constants, returns).write() for node, constants in parts]
    heads = [body.split(" {", 1)[0] + ";" for body in bodies]
    return "\n".join([PRELUDE, *heads, *bodies])


def _passed(x: Any) -> Any:
    """An argument for C: the address of an array, none for None, or a number."""
    if x is None or hasattr(x, "ctypes"):
        return ctypes.c_void_p(None if x is None else x.ctypes.data)
    return ctypes.c_double(x) if isinstance(x, float) else ctypes.c_longlong(x)


def compiled() -> Any:
    """The C kernel, taking the arguments of ``cohort_loops.project``; None where there is no gcc."""
    gcc = shutil.which("gcc")
    if gcc is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file, library = Path(folder) / "cohort.c", Path(folder) / "cohort.so"
        file.write_text(source(), encoding="utf-8")
        subprocess.run([gcc, *FLAGS, "-o", str(library), str(file)], check=True)  # noqa: S603
        project = ctypes.CDLL(str(library)).project
    project.restype = None

    def call(*arguments: Any) -> None:
        project(*(_passed(x) for x in arguments))

    return call
