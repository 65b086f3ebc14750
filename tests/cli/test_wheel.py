"""The package builds as a wheel that works from any folder, without the checkout."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from ncpcsim.compiled.build import library_name

ROOT = Path(__file__).parents[2]
LIBRARIES = [x for x in sys.path if Path(x).name in ("site-packages", "dist-packages")]


class Installed(NamedTuple):
    """The wheel installed in a virtual environment of its own, and an empty folder to work in."""

    wheel: Path
    home: Path
    folder: Path

    def run(self, program: str, *arguments: str) -> str:
        """What a program of the environment prints, run in the empty folder."""
        scripts = self.home / ("Scripts" if os.name == "nt" else "bin")
        done = subprocess.run(
            [scripts / program, *arguments],
            cwd=self.folder,
            env={"PATH": os.defpath, "HOME": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert (done.returncode, done.stderr) == (0, ""), done
        return done.stdout

    def evaluate(self, code: str) -> str:
        return self.run("python", "-c", code).strip()


def built(source: Path, folder: Path, **env: str) -> Path:
    """The wheel of a source tree, built into `folder`/dist with temporary files in `folder`/tmp."""
    (folder / "tmp").mkdir()
    build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist")]
    subprocess.run(
        [sys.executable, *build, str(source)],
        env={**os.environ, "TMPDIR": str(folder / "tmp"), **env},
        check=True,
        capture_output=True,
        timeout=300,
    )
    (wheel,) = (folder / "dist").iterdir()
    return wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    wheel = built(ROOT, folder)
    home = folder / "venv"
    venv.create(home, with_pip=True)
    python = str(home / ("Scripts" if os.name == "nt" else "bin") / "python")
    install = ["-m", "pip", "install", "--no-deps", "--no-index", "--disable-pip-version-check"]
    subprocess.run([python, *install, str(wheel)], check=True, capture_output=True, timeout=300)
    # The libraries come from the environment of the tests. Its folder stands after the new one's
    # own, and its *.pth files, one of which leads to the checkout, are not read from here.
    asked = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    own = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    (Path(own) / "libraries.pth").write_text("\n".join(LIBRARIES) + "\n")
    empty = folder / "empty"
    empty.mkdir()
    return Installed(wheel, home, empty)


def test_the_wheel_holds_the_library_the_command_and_the_data(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as archive:
        files = set(archive.namelist())
    tops = {name.split("/")[0] for name in files}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"ncpcsim", "ncpcsim_cli"}
    for source, target in (
        (ROOT / "ncpcsim", "ncpcsim"),
        (ROOT / "cli" / "ncpcsim_cli", "ncpcsim_cli"),
        (ROOT / "scenarios", "ncpcsim/_data/scenarios"),
        (ROOT / "calibration", "ncpcsim/_data/calibration"),
    ):
        wanted = [
            file
            for file in source.rglob("*")
            if file.is_file()
            and "__pycache__" not in file.parts
            and not file.name.startswith("_engine")
            and file.suffix != ".wasm"
        ]
        assert wanted
        assert {f"{target}/{file.relative_to(source).as_posix()}" for file in wanted} <= files
    assert {"ncpcsim/py.typed", "ncpcsim_cli/py.typed"} <= files
    assert f"ncpcsim/compiled/{library_name()}" in files
    assert [name for name in files if "_engine" in name] == [f"ncpcsim/compiled/{library_name()}"]
    assert "none-any" not in installed.wheel.name
    # The environment of the tests has ziglang, which makes the engine for a browser too.
    assert "ncpcsim/compiled/engine.wasm" in files
    assert not [name for name in files if name.endswith((".pyc", "tests"))]


def test_the_wheel_needs_what_the_project_needs(installed: Installed) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    with zipfile.ZipFile(installed.wheel) as archive:
        (metadata,) = (x for x in archive.namelist() if x.endswith(".dist-info/METADATA"))
        (entry,) = (x for x in archive.namelist() if x.endswith(".dist-info/entry_points.txt"))
        lines = archive.read(metadata).decode().splitlines()
        assert archive.read(entry).decode().split() == [
            *("[console_scripts]", "ncpcsim", "=", "ncpcsim_cli.main:main")
        ]
    assert f"Version: {project['version']}" in lines
    needed = [line for line in lines if line.startswith("Requires-Dist: ") and "extra" not in line]
    assert len(needed) == len(project["dependencies"])


def test_it_is_the_wheel_that_runs_and_not_the_checkout(installed: Installed) -> None:
    for module in ("ncpcsim", "ncpcsim_cli"):
        file = installed.evaluate(f"import {module}; print({module}.__file__)")
        assert Path(file).is_relative_to(installed.home)
    data = installed.evaluate("from ncpcsim.data import data_folder as f; print(f('scenarios'))")
    assert Path(data).is_relative_to(installed.home)
    path = json.loads(installed.evaluate("import sys, json; print(json.dumps(sys.path))"))
    assert not [x for x in path if x and Path(x) in (ROOT, ROOT / "cli")]
    at = "from importlib.metadata import distribution as d; print(d('ncpcsim').locate_file(''))"
    assert Path(installed.evaluate(at)).is_relative_to(installed.home)


def test_no_module_called_cli_is_installed(installed: Installed) -> None:
    found = "from importlib.util import find_spec; print(find_spec('cli'), find_spec('scenarios'))"
    assert installed.evaluate(found) == "None None"


def test_the_main_command_runs_in_an_empty_folder(installed: Installed) -> None:
    text = installed.run("ncpcsim", "run", "hungary", "-n", "4", "--workers", "2")
    assert "4 runs of 84 months from January 1997" in text
    assert "Of 100 such centres" in text
    assert list(installed.folder.iterdir()) == []


def test_the_other_commands_find_their_data(installed: Installed) -> None:
    assert "An average centre" in installed.run("ncpcsim", "plans")
    assert "Service Expenses" in installed.run("ncpcsim", "accounts", "czech")
    assert "Closing balances" in installed.run("ncpcsim", "trace", "generic", "--quiet")
    assert "valid" in installed.run("ncpcsim", "validate", "czech", "generic", "hungary")
    assert list(installed.folder.iterdir()) == []


def test_a_build_leaves_the_source_as_it_was(tmp_path: Path) -> None:
    source = copied(tmp_path)
    before = {file: file.stat().st_mtime_ns for file in source.rglob("*")}
    (tmp_path / "build").mkdir()
    built(source, tmp_path / "build")
    assert {file: file.stat().st_mtime_ns for file in source.rglob("*")} == before


def test_a_build_leaves_no_temporary_files(installed: Installed) -> None:
    assert list((installed.folder.parent / "tmp").iterdir()) == []


def copied(folder: Path) -> Path:
    """The files of the project without its history."""
    skipped = shutil.ignore_patterns(".*", "__pycache__", "tests", "docs")
    return Path(shutil.copytree(ROOT, folder / "copy", ignore=skipped))


def git(folder: Path, *arguments: str) -> str:
    me = ["-c", "user.name=me", "-c", "user.email=me@localhost", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *me, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def commit_in(wheel: Path) -> str | None:
    with zipfile.ZipFile(wheel) as archive:
        name = "ncpcsim/_data/commit"
        return archive.read(name).decode() if name in archive.namelist() else None


def test_a_wheel_names_the_commit_it_was_built_from(tmp_path: Path) -> None:
    source = copied(tmp_path)
    git(source, "init", "-q")
    git(source, "add", "-A")
    git(source, "commit", "-q", "-m", "all")
    (tmp_path / "build").mkdir()
    assert commit_in(built(source, tmp_path / "build")) == git(source, "rev-parse", "HEAD")


def test_results_of_a_wheel_name_the_wheels_commit(installed: Installed) -> None:
    code = "from ncpcsim.results.manifest import commit; print(commit())"
    assert installed.evaluate(code) == str(commit_in(installed.wheel))


def test_a_wheel_says_that_what_it_was_built_from_was_changed(tmp_path: Path) -> None:
    source = copied(tmp_path)
    git(source, "init", "-q")
    git(source, "add", "-A")
    git(source, "commit", "-q", "-m", "all")
    with (source / "ncpcsim" / "rules" / "money.py").open("a") as file:
        file.write("\n# changed\n")
    (tmp_path / "build").mkdir()
    head = git(source, "rev-parse", "HEAD")
    assert commit_in(built(source, tmp_path / "build")) == f"{head}-modified"


def test_a_wheel_does_not_name_a_strangers_commit(tmp_path: Path) -> None:
    (tmp_path / "stranger").mkdir()
    git(tmp_path / "stranger", "init", "-q")
    git(tmp_path / "stranger", "commit", "-q", "--allow-empty", "-m", "theirs")
    source = copied(tmp_path / "stranger")
    (tmp_path / "build").mkdir()
    assert commit_in(built(source, tmp_path / "build")) is None


def test_a_wheel_can_be_built_without_git(tmp_path: Path) -> None:
    source = copied(tmp_path)
    (tmp_path / "build").mkdir()
    assert commit_in(built(source, tmp_path / "build", PATH=str(tmp_path))) is None


def test_a_wheel_and_the_checkout_give_the_same_numbers(installed: Installed) -> None:
    code = (
        "from ncpcsim import load_plan, run\n"
        "plan = load_plan('generic')\n"
        "print(plan.hash, *run(plan, 3, seed=0)['closing_cash_cents'])"
    )
    here = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert installed.evaluate(code) == here.stdout.strip()
