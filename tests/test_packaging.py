"""What is installed is what is in the tree."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TOP_LEVEL = ("engine", "grammar", "rules")


def packages_in_the_tree() -> set[str]:
    found = {"revlex"}
    for top in TOP_LEVEL:
        for module in (ROOT / top).rglob("__init__.py"):
            found.add(".".join(("revlex", *module.parent.relative_to(ROOT).parts)))
    return found


def test_every_package_is_listed() -> None:
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == packages_in_the_tree()


def test_files_that_are_no_modules_are_packed() -> None:
    data = PROJECT["tool"]["setuptools"]["package-data"]
    others = [
        file
        for file in (ROOT / "engine").rglob("*")
        if file.is_file() and file.suffix not in {".py", ".pyc"}
    ]
    assert others
    assert [file for file in others if not any(packed(file, data))] == []


def packed(file: Path, data: dict[str, list[str]]) -> Iterator[bool]:
    """Whether the patterns of the packages above a file hold it."""
    for folder in file.relative_to(ROOT).parents:
        package = ".".join(("revlex", *folder.parts))
        patterns = data.get(package, ())
        yield any(file in (ROOT / folder).glob(pattern) for pattern in patterns)


def test_the_root_is_a_namespace_package() -> None:
    assert not (ROOT / "__init__.py").exists()


def test_modules_stand_in_packages() -> None:
    lost = [
        module
        for top in TOP_LEVEL
        for module in (ROOT / top).rglob("*.py")
        if not (module.parent / "__init__.py").exists()
    ]
    assert lost == []


@pytest.mark.parametrize("line", PROJECT["project"]["dependencies"])
def test_dependencies_have_lower_bounds_and_are_pinned_for_ci(line: str) -> None:
    name, _, bound = line.partition(">=")
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()
    assert bound
    assert f"\n{name.lower()}==" in f"\n{constraints}".replace("_", "-").replace(
        name.lower().replace("_", "-"), name.lower()
    )
