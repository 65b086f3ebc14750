"""A checkout builds its library from its texts as they are now, whoever asks for it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ncpcsim.compiled.build import PACKAGE, compiler

CODES = "UNIFORM, TRIANGULAR, NORMAL, LOG_NORMAL = 0, 1, 2, 3"
SWAPPED = "UNIFORM, TRIANGULAR, NORMAL, LOG_NORMAL = 1, 0, 2, 3"
LOADED = """
from ncpcsim.compiled.library import EngineError, load
try:
    library = load()
except EngineError as error:
    print("refused:", error)
else:
    import numpy as np
    one = np.ones(1, np.uint64)
    numbers = np.array([[0.0, 0.0, 1.0]])
    drawn = [library.draw(1, one, one, np.full(1, kind), numbers)[0, 0] for kind in (0, 1)]
    print("uniform", drawn.index(0.0))
"""
"""A uniform from 0 to 0 is 0; a triangular one from 0 to 1 is not."""
pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler")


def checkout(folder: Path) -> Path:
    """A checkout of the package without the library."""
    ignored = shutil.ignore_patterns("__pycache__", "_engine*", "*.wasm")
    shutil.copytree(PACKAGE, folder / "ncpcsim", ignore=ignored)
    (folder / "pyproject.toml").touch()
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose library two processes wanted at once."""
    folder = checkout(tmp_path_factory.mktemp("checkout"))
    both = [started(folder, LOADED) for _ in range(2)]
    assert [each.communicate()[0] for each in both] == ["uniform 0\n"] * 2
    assert len(libraries(folder)) == 1
    return folder


def started(folder: Path, text: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", text]
    everything = os.environ | environment
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, cwd=folder, env=everything, stdout=pipe, stderr=subprocess.STDOUT, text=True
    )


def output(folder: Path, text: str = LOADED, **environment: str) -> str:
    return started(folder, text, **environment).communicate()[0].strip()


def libraries(folder: Path) -> list[Path]:
    return [
        file for file in (folder / "ncpcsim/compiled").glob("_engine_*") if file.suffix != ".lock"
    ]


def changed(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))


def test_changed_rule_is_compiled_anew(built: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(built, tmp_path / "changed"))
    before = libraries(folder)
    changed(folder, "ncpcsim/rules/chance.py", CODES, SWAPPED)
    assert output(folder) == "uniform 1"
    assert len(libraries(folder)) == 1
    assert libraries(folder) != before


def test_program_that_began_before_a_change_compiles_the_text_as_it_is(
    built: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(built, tmp_path / "begun"))
    begun = f"""
from pathlib import Path
from ncpcsim.rules import chance
file = Path(chance.__file__)
file.write_text(file.read_text().replace({CODES!r}, {SWAPPED!r}))
{LOADED}"""
    assert output(folder, begun) == "uniform 1"


def test_text_outside_what_is_translated_is_refused(built: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(built, tmp_path / "outside"))
    wide = "    width = high - low\n", "    width = [high][0] - low\n"
    changed(folder, "ncpcsim/rules/chance.py", *wide)
    line = output(folder)
    assert re.search(r"^refused: .*chance\.py:\d+: List is outside the part", line), line
    assert "\n" not in line


def test_without_a_compiler_the_engine_is_refused(built: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(built, tmp_path / "bare"))
    libraries(folder)[0].unlink()
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['ziglang'] = None\n")
    line = output(folder, PATH=str(tmp_path), PYTHONPATH=str(tmp_path))
    assert line.startswith("refused: the compiled engine cannot be built: there is no C compiler")
    assert "\n" not in line


def test_engine_is_translated_without_any_dependency(built: Path) -> None:
    text = """
import sys
sys.path.insert(0, sys.argv[1])
from hashlib import sha256
from ncpcsim.compiled.build import c_text
print(sha256(c_text().encode()).hexdigest(), {"numpy", "pydantic", "simpy"} & set(sys.modules))
"""
    command = [sys.executable, "-S", "-c", text, str(built)]
    ended = [
        subprocess.run(
            command, env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        )
        for seed in "12"
    ]
    assert ended[0].stdout == ended[1].stdout
    assert ended[0].stdout.split()[1] == "set()"
