"""The commands about plans: validate, init, schema, plans; and the help of all commands."""

import json
import re
import tomllib
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from pydantic import BaseModel

from ncpcsim.plan.fields import inner_type, is_model, kind_of, unit_of
from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.jsonschema import plan_jsonschema
from ncpcsim.plan.load import load_plan
from ncpcsim.plan.schema import Numbers
from ncpcsim_cli.main import COMMANDS, main

SHIPPED = tuple(shipped_plans())


def ncpcsim(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# validate


@pytest.mark.parametrize("name", SHIPPED)
def test_a_valid_plan_is_counted_through(name: str) -> None:
    result = ncpcsim("validate", name)
    numbers = load_plan(name).numbers
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout == (
        f"{name}: valid; {len(numbers.services)} services, {len(numbers.posts)} posts, "
        f"{len(numbers.grants)} grants, {len(load_plan(name).uncertain)} uncertain parameters\n"
    )


def test_a_bad_plan_is_named_line_by_line_on_standard_error(here: Path) -> None:
    (here / "bad.toml").write_text('extends = "generic"\n[opening]\ncash = -1\ncredit = 3\n')
    result = ncpcsim("validate", "bad.toml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "bad.toml:3: opening.cash: is -1, expected greater than or equal to 0 (money)",
        "bad.toml:4: opening.credit: unknown key, did you mean 'credibility'?",
    ]


def test_of_several_plans_all_are_checked(here: Path) -> None:
    (here / "bad.toml").write_text("extends = 3\n")
    (here / "good.toml").write_text('extends = "czech"\n')
    result = ncpcsim("validate", "bad.toml", "good.toml", "gone.toml", "hungary")
    assert result.exit_code == 2
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == ["good.toml", "hungary"]
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [
        "bad.toml:1",
        "gone.toml:1",
    ]


@pytest.mark.parametrize("command", ["validate", "run", "trace"])
def test_every_command_refuses_a_bad_plan_the_same_way(command: str, here: Path) -> None:
    (here / "bad.toml").write_text("extends = 3\n")
    result = ncpcsim(command, "bad.toml")
    assert (result.exit_code, result.stdout) == (2, "")
    said = "extends: is 3, expected the name or path of a plan"
    assert result.stderr == f"bad.toml:1: {said}\n"
    assert [file.name for file in here.iterdir()] == ["bad.toml"]


@pytest.mark.parametrize("command", ["validate", "run", "trace"])
@pytest.mark.parametrize("plan", ["gone", ".", ""])
def test_every_command_names_the_shipped_plans_where_it_finds_none(
    command: str, plan: str, here: Path
) -> None:
    result = ncpcsim(command, plan)
    assert (result.exit_code, result.stdout) == (2, "")
    found = "is a folder" if plan == "." else "no such file"
    names = ", ".join(shipped_plans())
    said = f"plan: {found}, expected the path of a plan or one of {names}"
    assert result.stderr == f"{plan}:1: {said}\n"
    assert list(here.iterdir()) == []


def test_a_plan_must_be_named() -> None:
    result = ncpcsim("validate")
    assert result.exit_code == 2
    assert "Missing argument 'PLAN...'" in result.stderr


# init


def numbers_of(path: Path) -> dict[str, Any]:
    return load_plan(path).numbers.model_dump(exclude={"title", "question", "start"})


def uncommented(text: str) -> str:
    """The plan with every `# key = value` line in force."""
    return re.sub(r"(?m)^# (?=[a-z_]+ = )", "", text)


@pytest.mark.parametrize("base", SHIPPED)
def test_a_new_plan_is_valid_as_it_is(base: str, here: Path) -> None:
    result = ncpcsim("init", "my_centre.toml", "--from", base)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f"Wrote my_centre.toml, which extends {base}. Next: ncpcsim run my_centre.toml\n"
    )
    plan, parent = load_plan(here / "my_centre.toml"), load_plan(base)
    assert plan.numbers.title == "My centre"
    assert plan.numbers.start == parent.numbers.start
    assert plan.variant({"title": parent.numbers.title}).numbers == parent.numbers
    assert ncpcsim("validate", "my_centre.toml").exit_code == 0


def test_a_new_plan_extends_generic_unless_told(here: Path) -> None:
    ncpcsim("init", "a.toml")
    assert tomllib.loads((here / "a.toml").read_text())["extends"] == "generic"


@pytest.mark.parametrize("base", SHIPPED)
def test_every_inherited_line_can_be_put_in_force(base: str, here: Path) -> None:
    ncpcsim("init", "a.toml", "--from", base)
    text = (here / "a.toml").read_text()
    in_force = re.findall(r"(?m)^([a-z_]+) = ", text)
    assert in_force == ["extends", "title", "question", "start"]
    whole = tomllib.loads(uncommented(text))
    tree = dict(load_plan(base).tree)
    for key in ("title", "question", "start"):
        assert whole.pop(key)
        tree.pop(key)
    assert whole.pop("extends") == base
    # A table without keys, as `clients = {}`, is no line of its own.
    for service in whole["services"].values():
        service.setdefault("clients", {})
    assert whole == tree
    (here / "b.toml").write_text(uncommented(text))
    assert numbers_of(here / "b.toml") == load_plan(base).numbers.model_dump(
        exclude={"title", "question", "start"}
    )


def test_a_line_put_in_force_and_changed_changes_the_plan(here: Path) -> None:
    ncpcsim("init", "a.toml")
    text = (here / "a.toml").read_text()
    old = re.search(r"(?m)^# premises_month = .*$", text)
    assert old
    (here / "a.toml").write_text(text.replace(old[0], "premises_month = 77"))
    assert load_plan(here / "a.toml").numbers.costs.premises_month == 77


def fields(model: type[BaseModel] = Numbers, path: str = "") -> Iterator[tuple[str, str]]:
    """Every field of the schema as `path` and what `init` is to say about it."""
    for name, field in model.model_fields.items():
        inner = inner_type(field.annotation)
        kind = kind_of(field)
        if is_model(inner):
            yield f"{path}{name}", flat((inner.__doc__ or "?").split("\n\n")[0])
        elif field.description:
            shown = f" ({kind}, {unit_of(field)})" if kind else ""
            yield f"{path}{name}", f"{field.description}{shown}"
        for section in filter(is_model, map(inner_type, [inner, *getattr(inner, "__args__", ())])):
            yield from fields(section, f"{path}{name}.")


@pytest.mark.parametrize(
    ("path", "said"),
    [pytest.param(path, said, id=path) for path, said in fields()],
)
def test_every_field_is_there_with_its_meaning_kind_and_unit(
    path: str, said: str, here: Path
) -> None:
    assert path
    ncpcsim("init", "a.toml")
    comments = re.sub(r"\n#:  ", " ", (here / "a.toml").read_text())
    assert said in flat(comments)


def test_comments_about_fields_stay_within_the_width_of_a_page(here: Path) -> None:
    ncpcsim("init", "a.toml")
    about = [x for x in (here / "a.toml").read_text().splitlines() if x.startswith("#:")]
    assert about
    assert max(map(len, about)) <= 98


def test_a_new_plan_may_extend_a_file_of_another_folder(here: Path) -> None:
    (here / "bases").mkdir()
    (here / "new").mkdir()
    (here / "bases" / "b.toml").write_text('extends = "czech"\ntitle = "Base"\n')
    result = ncpcsim("init", "new/a-b_c.toml", "--from", "bases/b.toml")
    assert result.exit_code == 0, result.stderr
    plan = load_plan(here / "new" / "a-b_c.toml")
    assert tomllib.loads((here / "new" / "a-b_c.toml").read_text())["extends"] == "../bases/b.toml"
    assert plan.numbers.title == "A b c"
    assert numbers_of(here / "new" / "a-b_c.toml") == numbers_of(here / "bases" / "b.toml")


def test_a_new_plan_may_extend_a_file_called_as_a_shipped_plan(here: Path) -> None:
    (here / "generic").write_text('extends = "czech"\n')
    ncpcsim("init", "a.toml", "--from", "./generic")
    assert numbers_of(here / "a.toml") == numbers_of(here / "generic")


def test_an_existing_file_is_left_as_it_is(here: Path) -> None:
    (here / "a.toml").write_text("mine\n")
    result = ncpcsim("init", "a.toml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "a.toml: exists already, expected a new file's name\n"
    assert (here / "a.toml").read_text() == "mine\n"


@pytest.mark.parametrize("name", ["a", "a.txt", ".toml", "a.toml.bak"])
def test_a_name_that_is_no_plans_is_refused(name: str, here: Path) -> None:
    result = ncpcsim("init", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{name}: not a plan's name, expected one that ends in .toml\n"
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("base", ["gone", "bad.toml"])
def test_a_wrong_base_is_refused(base: str, here: Path) -> None:
    (here / "bad.toml").write_text("extends = 3\n")
    result = ncpcsim("init", "a.toml", "--from", base)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{base}:1: ")
    assert not (here / "a.toml").exists()


def test_a_folder_that_is_not_there_is_refused(here: Path) -> None:
    result = ncpcsim("init", "no/a.toml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "no/a.toml: cannot be written (No such file or directory)\n"
    assert list(here.iterdir()) == []


# schema, plans, help


def test_the_schema_is_printed_as_json() -> None:
    result = ncpcsim("schema")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == plan_jsonschema()


def test_every_shipped_plan_is_listed_with_its_question() -> None:
    result = ncpcsim("plans")
    assert (result.exit_code, result.stderr) == (0, "")
    rows = result.stdout.split("\n\n")[0].splitlines()
    columns = [rows[0].index(title) for title in ("Plan", "Centre", "Starts", "Window", "Question")]
    for name in SHIPPED:
        numbers = load_plan(name).numbers
        first = next(i for i, row in enumerate(rows) if row.startswith(f"{name} "))
        block = [rows[first]]
        block += takewhile(lambda row: row.startswith(" "), rows[first + 1 :])
        cells = [
            flat(" ".join(row[start:end].strip() for row in block)).strip()
            for start, end in zip(columns, [*columns[1:], None], strict=True)
        ]
        window = f"{numbers.programme_end} + {numbers.months - numbers.programme_end}"
        assert cells == [name, numbers.title, f"{numbers.start:%Y-%m}", window, numbers.question]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_argument_and_option(name: str, flag: str) -> None:
    result = ncpcsim(name, flag)
    assert (result.exit_code, result.stderr) == (0, "")
    command = main.get_command(click.Context(main), name)
    assert command is not None
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert all(opt in result.stdout for opt in parameter.opts)
            assert flat(parameter.help or "?") in flat(result.stdout)
        else:
            assert parameter.make_metavar(click.Context(command)) in result.stdout
    paragraph = (command.help or "?").strip().split("\n\n")[0]
    assert flat(paragraph) in flat(result.stdout)


def test_the_commands_are_listed_with_what_they_do() -> None:
    result = ncpcsim("--help")
    assert result.exit_code == 0
    for name, what in COMMANDS.items():
        assert f"{name} {what}" in flat(result.stdout)
    assert ncpcsim("-h").stdout == result.stdout


def test_every_command_has_a_module_and_every_module_a_command() -> None:
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        assert command.name == name


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"ncpcsim, version \d+\.\d+\.\d+\S*\n", ncpcsim("--version").stdout)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["simulate"], "No such command 'simulate'"),
        (["cli"], "No such command 'cli'"),
        (["plans", "--all"], "No such option"),
        (["plans", "hungary"], "unexpected extra argument"),
        (["init"], "Missing argument 'NEW.toml'"),
        (["run"], "Missing argument 'PLAN'"),
        (["trace"], "Missing argument 'PLAN'"),
    ],
)
def test_what_is_no_command_is_refused(arguments: list[str], said: str) -> None:
    result = ncpcsim(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr
