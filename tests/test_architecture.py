"""Data flows one way: a package may import only what lies below it (docs/design.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_FLOOR = {"errors", "settings", "languages"}
_BELOW: dict[str, set[str]] = {
    "errors": set(),
    "settings": {"errors"},
    "languages": set(),
    "corpus": {"errors", "languages"},
    "nlp": {"errors", "languages", "corpus"},
    "insights": {"errors", "languages", "corpus", "nlp"},
    "store": {"errors", "corpus", "nlp", "insights"},
    "pipeline": {*_FLOOR, "corpus", "nlp", "insights", "store"},
    "api": {*_FLOOR, "corpus", "nlp", "insights", "store", "pipeline"},
    "cli": {*_FLOOR, "corpus", "nlp", "insights", "store", "pipeline", "api"},
}


def _modules(package: str) -> Iterator[Path]:
    single = ROOT / f"{package}.py"
    return iter([single]) if single.exists() else (ROOT / package).rglob("*.py")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", _BELOW)
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in _modules(package)
        for name in _imports(path)
        if name in _BELOW and name != package and name not in _BELOW[package]
    }
    assert not wrong


def test_models_are_known_to_nlp_and_pipeline_alone() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for package in ("corpus", "insights", "store", "languages")
        for path in _modules(package)
        if {"torch", "openvino", "tokenizers", "transformers"} & set(_imports(path))
    }
    assert not readers


def test_serving_needs_no_training_library() -> None:
    heavy = {
        str(path.relative_to(ROOT))
        for package in _BELOW
        for path in _modules(package)
        if {"torch", "transformers", "sklearn"} & set(_imports(path))
    }
    assert not heavy
