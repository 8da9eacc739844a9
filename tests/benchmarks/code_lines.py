"""Count the lines of code of the package: ``python tests/benchmarks/code_lines.py [FOLDER]``.

Docstrings, comments, blank lines and imports do not count.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def code_lines(source: str) -> int:
    """Count those of one file."""
    tree = ast.parse(source)
    nodes = [*ast.walk(tree)]
    left_out = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    left_out += [node.body[0] for node in nodes if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None]
    skipped = {line for node in left_out for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    lines = enumerate(source.splitlines(), 1)
    return sum(i not in skipped and bool(line.strip()) and not line.strip().startswith("#") for i, line in lines)


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "forecast")
    print(sum(code_lines(path.read_text("utf-8")) for path in folder.rglob("*.py")))
