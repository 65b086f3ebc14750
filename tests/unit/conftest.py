"""Fixtures that several files of this folder share."""

from pathlib import Path

import pytest

from ncpcsim.plan.load import Plan, load_plan
from tests.batch_files import SHORT


@pytest.fixture(scope="module")
def generic() -> Plan:
    return load_plan("generic")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a short base plan."""
    (tmp_path / "short.toml").write_text(SHORT)
    monkeypatch.chdir(tmp_path)
    return tmp_path
