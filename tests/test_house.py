"""The house: which room may import from which, and how large a file, a function and a folder may be."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import forecast as fc

PACKAGE = Path(fc.__file__).parent
# Imports run down this list only, from a line to one below it; within a line from file to file without a circle.
ROOMS = [
    ("__init__", "__main__"),
    ("cluster", "pictures", "scores"),
    ("commands",),
    ("backtest",),
    ("model",),
    ("outlook",),
    ("charts",),
    ("charts.sheet",),
    ("factors",),
    ("evidence",),
    ("feed",),
    ("case",),
    ("episodes",),
    ("survival",),
    ("scoring",),
    ("io",),
    ("wording", "html", "terms", "arrays"),
]
FLOOR = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}
FILES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "data" not in path.relative_to(PACKAGE).parts
}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)
# A first line that begins or goes on like this can only be read after something else.
LOST = re.compile(
    r"(What|Of|That of|The same|Who|Whose|Which|Its|From|By|Beside|Between|With|In|Where|When|How|His)\b"
    r"|.*\b(so many|of one's own|(?<!no )such(?! as))\b"
)
HE = re.compile(r"\b(he|his|him)\b", re.IGNORECASE)
MAX_LINES, MAX_FUNCTION, MAX_FILES = 330, 45, 10


def trees() -> Iterator[tuple[str, ast.Module]]:
    for name, path in FILES.items():
        yield name, ast.parse(path.read_text("utf-8"))


def room_of(module: str) -> str:
    """The room of a module: the folder that it lies in, or itself where it lies in none."""
    folder = module.removesuffix(".__init__")
    while folder not in FLOOR:
        folder, _, _ = folder.rpartition(".")
    return folder


def found(name: str) -> str:
    """The file of a module or of a folder."""
    return name if name in FILES else f"{name}.__init__".removeprefix(".")


def imports_of(module: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and the file of every import of the package, lazy and type-only ones among them."""
    package = module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not any(alias.name.split(".")[0] == "forecast" for alias in node.names), module
        if not isinstance(node, ast.ImportFrom) or (not node.level and (node.module or "").split(".")[0] != "forecast"):
            continue
        assert node.level, f"{FILES[module]}:{node.lineno}: an import of the package that is not relative"
        base = package[: len(package) - node.level + 1] + (node.module.split(".") if node.module else [])
        for alias in node.names:
            inner = ".".join([*base, alias.name])
            yield node.lineno, inner if inner in FILES else found(".".join(base))


EDGES = [(module, line, target) for module, tree in trees() for line, target in imports_of(module, tree)]


def test_every_file_has_a_room():
    assert {room_of(module) for module in FILES} == set(FLOOR)


def test_imports_run_down_the_list():
    up = [
        f"{FILES[module]}:{line}: imports {target}, which is above {room_of(module)}"
        for module, line, target in EDGES
        if FLOOR[room_of(target)] < FLOOR[room_of(module)]
    ]
    assert up == []
    assert len(EDGES) > 300


def test_no_file_imports_itself_by_way_of_others():
    """A folder's face imports its files; these import each other, never the face."""
    below = {module: {target for source, _, target in EDGES if source == module} for module in FILES}
    left = dict(below)
    while leaves := [module for module, targets in left.items() if not targets & set(left)]:
        for module in leaves:
            del left[module]
    lines = [f"{FILES[m]}:{line}: imports {t}" for m, line, t in EDGES if m in left and t in left]
    assert lines == []


@pytest.mark.parametrize("module", FILES)
def test_a_file_holds_one_idea_and_a_function_fits_on_a_screen(module):
    text = FILES[module].read_text("utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    long = [f"{FILES[module]}:{f.lineno}: {f.name}" for f in functions if lines_of(f) > MAX_FUNCTION]
    assert long == []


def lines_of(function: ast.FunctionDef) -> int:
    """Lines of the body, from the end of its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_a_folder_has_about_nine_files():
    folders = {path.parent for path in FILES.values()} - {PACKAGE}
    files = {folder.name: len([*folder.glob("*.py")]) - 1 for folder in folders}  # its face aside
    assert {name: count for name, count in files.items() if count > MAX_FILES} == {}


@pytest.mark.parametrize("module", FILES)
def test_the_first_line_of_a_docstring_stands_alone(module):
    nodes = [node for node in ast.walk(ast.parse(FILES[module].read_text("utf-8"))) if isinstance(node, DOCUMENTED)]
    first = [(ast.get_docstring(node) or "").partition("\n")[0] for node in nodes]
    assert [line for line in first if LOST.match(line) or (HE.search(line) and "player" not in line)] == []
