"""What is imported is declared, what is declared is used, and all of it is pinned."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("summarizer", "schemas", "evals/benchmarks/trust")  # what ships
SOURCES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
NODES = [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
OWN = {"summarizer"}


def test_imports_are_declared() -> None:
    assert _distributions(_imports()) - _declared() == set()


def test_declared_dependencies_are_used() -> None:
    """Some are imported by name or read as data, so a string that names one counts as use."""
    assert _declared() - _distributions(_imports() | _strings()) == set()


def test_declared_dependencies_are_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9a-z.+!]+", pin) for pin in pins)
    assert _declared() <= {pin.split("==")[0] for pin in pins}


def _declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    requirements = [*project["dependencies"], *(requirement for extra in extras for requirement in extra)]
    return {_normalised(re.split(r"[<>=!~;\[ ]", requirement)[0]) for requirement in requirements}


def _distributions(modules: set[str]) -> set[str]:
    """Distributions that bring these top-level modules; those of Python and our own are left out."""
    brings = packages_distributions()
    return {_normalised(brings[name][0]) for name in modules & set(brings)} - OWN


def _imports() -> set[str]:
    names: set[str] = set()
    for node in NODES:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def _strings() -> set[str]:
    return {
        node.value.split(".")[0] for node in NODES if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _normalised(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
