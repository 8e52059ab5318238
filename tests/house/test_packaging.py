"""Wheel, editable install and checkout give one import name, ``summarizer``, with the same contents."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

import summarizer

ROOT = Path(__file__).parents[2]

# Sees one folder and the installed dependencies, but (by -S) not the editable install of this checkout.
DESCRIBE = """
import inspect, json, site, sys
folder, site_packages = sys.argv[1:]
sys.path[:0] = [folder]
site.addsitedir(folder)
sys.path.append(site_packages)
import importlib.util
import summarizer
from summarizer import asummarize, schemas, summarize
print(json.dumps({
    "api": summarizer.__all__,
    "schemas": [n for n in vars(schemas) if n[0] != "_" and not inspect.ismodule(getattr(schemas, n))],
    "submodules_of_schemas": [n for n in sys.modules if n.startswith("summarizer.schemas.")],
    "has_toplevel_schemas": importlib.util.find_spec("schemas") is not None,
    "folder": summarizer.__path__[0],
}))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the unpacked source distribution, as an index would get it."""
    folder = tmp_path_factory.mktemp("dist")
    _build("sdist", folder, cwd=ROOT)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.2 has none
        archive.extractall(folder)
    _build("wheel", folder, cwd=next(path for path in folder.iterdir() if path.is_dir()))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def contents(built: Path) -> set[str]:
    """Paths inside the wheel."""
    with zipfile.ZipFile(built) as wheel:
        return set(wheel.namelist())


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip installed the wheel, without its dependencies."""
    folder = tmp_path_factory.mktemp("installed")
    options = "--quiet --disable-pip-version-check --no-index --no-deps --no-compile --target"
    _python("-m", "pip", "install", *options.split(), str(folder), str(built), cwd=folder)
    return folder


@pytest.fixture(scope="module")
def editable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what an editable install puts into site-packages."""
    folder = tmp_path_factory.mktemp("editable")
    _build("editable", folder, cwd=ROOT)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder)
    return folder


def test_wheel_holds_one_package(contents: set[str]) -> None:
    tops = {path.split("/")[0] for path in contents}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"summarizer"}


def test_wheel_holds_every_module_and_data_file(contents: set[str]) -> None:
    for folder, destination in (
        ("summarizer", "summarizer"),
        ("schemas", "summarizer/schemas"),
        ("prompts", "summarizer/_data/prompts"),
        ("evals/cases", "summarizer/_data/cases"),
    ):
        shipped = {f"{destination}/{path}" for path in _files(ROOT / folder)}
        assert shipped - contents <= {"summarizer/schemas.py", "summarizer/schemas/py.typed"}


@pytest.mark.parametrize(
    ("path", "is_there"),
    [
        ("summarizer/__init__.py", True),
        ("summarizer/py.typed", True),
        ("summarizer/schemas/__init__.py", True),
        ("summarizer/schemas/summary.schema.json", True),
        ("summarizer/schemas.py", False),
        ("summarizer/schemas/py.typed", False),
    ],
)
def test_package_takes_the_place_of_the_bridge(contents: set[str], path: str, is_there: bool) -> None:
    assert (path in contents) is is_there


@pytest.mark.parametrize("folder", ["summarizer/_data/prompts/", "summarizer/_data/cases/"])
def test_prompts_and_cases_ship(contents: set[str], folder: str) -> None:
    assert any(path.startswith(folder) for path in contents)


def test_check_wheel_contents_is_satisfied(built: Path) -> None:
    _python("-m", "check_wheel_contents", "--config", "pyproject.toml", str(built), cwd=ROOT)


@pytest.mark.parametrize("kind", ["checkout", "editable", "installed"])
def test_every_way_of_installing_imports_the_same_names(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    folder = ROOT if kind == "checkout" else request.getfixturevalue(kind)
    found = _describe(folder, cwd=tmp_path)
    assert found["api"] == summarizer.__all__
    assert set(found["schemas"]) == set(importlib.import_module("schemas").__all__)


def test_installed_wheel_stands_alone(installed: Path, tmp_path: Path) -> None:
    found = _describe(installed, cwd=tmp_path)
    assert Path(found["folder"]).is_relative_to(installed)
    assert "summarizer.schemas.summary" in found["submodules_of_schemas"]
    assert not found["has_toplevel_schemas"]


def _build(kind: str, folder: Path, cwd: Path) -> None:
    program = f"from hatchling.build import build_{kind}; build_{kind}({str(folder)!r})"
    _python("-c", program, cwd=cwd)


def _describe(folder: Path, cwd: Path) -> dict[str, Any]:
    printed = _python("-S", "-c", DESCRIBE, str(folder), sysconfig.get_path("purelib"), cwd=cwd)
    return dict(json.loads(printed))


def _python(*arguments: str, cwd: Path) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _files(folder: Path) -> list[str]:
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
