"""Fixtures that several files of this folder share."""

import shutil
from pathlib import Path

import pytest
from click.testing import Result

from tests.batches import write_batch_file
from tests.cli_batches import RUNS as BATCH_RUNS
from tests.cli_batches import ncpcsim
from tests.cli_runs import RUNS, SEED, SHORT, ncpcsim_run


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """A finished batch of the Hungarian plan: what was printed, and its folder."""
    out = tmp_path_factory.mktemp("finished") / "hungary"
    result = ncpcsim_run("run", "hungary", "-n", str(RUNS), "--seed", str(SEED), "--out", out)
    assert result.exit_code == 0, result.output
    return result, out


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a plan that is quick to run, as the working folder."""
    (tmp_path / "short.toml").write_text(SHORT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """A finished batch: what was printed, and the folder that holds it and its file."""
    folder = tmp_path_factory.mktemp("done")
    write_batch_file(folder, BATCH_RUNS)
    result = ncpcsim("batch", folder / "mixes.toml", "--out", folder / "out", "--paths")
    assert result.exit_code == 0, result.output
    return result, folder


@pytest.fixture
def here(done: tuple[Result, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the finished batch and its file, as the working folder."""
    shutil.copytree(done[1], tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path
