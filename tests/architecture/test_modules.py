"""Every module says in its first line what it is."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ["shared_schemas", "service_kit", "core_service", "metadata_service", "scripts", "tests", "benchmarks"]


def test_the_first_line_of_every_module_is_a_sentence_about_it():
    modules = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    first_lines = {path: (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0] for path in modules}

    assert len(modules) > 100
    assert [str(path) for path, line in first_lines.items() if not line.endswith((".", ":", "?"))] == []
