"""One SELECT over tables of results, which cannot change anything.

The tables are copied into a database in memory that can reach no file; and what is asked must be a
SELECT at every depth.
"""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ncpcsim.results.errors import QueryError

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_SELECTS = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
"""The kinds of a node of a query, as DuckDB names them, that only read."""
_ALL_COLUMNS = ("*", "columns", "describe", "summarize", "show", "natural")
_REFUSED = "expected one SELECT; results are only read"


def read_only(
    sql: str, sources: Mapping[str, str], frames: "Mapping[str, pd.DataFrame]"
) -> "pd.DataFrame":
    """The answer to a SELECT.

    Args:
        sql: in DuckDB's dialect.
        sources: tables by name, each as SQL that reads it from files.
        frames: small tables by name.

    Raises:
        QueryError: it is anything but a SELECT, or DuckDB refuses it.
    """
    import duckdb

    text = sql.encode(errors="replace").decode()  # what a terminal sends may be no Unicode
    try:
        with duckdb.connect() as connection:
            _refuse_writing(connection, text)
            for name, frame in frames.items():
                connection.register("given", frame)
                connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
                connection.unregister("given")
            for name, source in sources.items():
                if name in text.lower() or "show" in text.lower():
                    columns = ", ".join(_needed(connection, source, text))
                    connection.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM {source}")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            found: pd.DataFrame = connection.execute(text).df()
    except duckdb.Error as error:
        # What follows repeats the statement, with a mark under a place in it.
        said, _, _ = str(error).partition("\nLINE ")
        raise QueryError(" ".join(said.split())) from None
    return found


def _refuse_writing(connection: "duckdb.DuckDBPyConnection", text: str) -> None:
    statements = connection.extract_statements(text)
    if len(statements) != 1:
        raise QueryError(_REFUSED)
    ((tree,),) = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [text]).fetchall()
    content = json.loads(tree)
    if content["error"] or any(kind not in _SELECTS for kind in _nodes(content)):
        raise QueryError(_REFUSED)


def _nodes(tree: Any) -> Iterator[str]:
    """The kind of every node of a query, at every depth."""
    if isinstance(tree, dict):
        kind = tree.get("type")
        if isinstance(kind, str) and kind.endswith("_NODE"):
            yield kind
    for each in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(each)


def _needed(connection: "duckdb.DuckDBPyConnection", source: str, text: str) -> list[str]:
    """The columns that a query reads: those it names, or all where it may mean others."""
    rows = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    names, lowered = [str(row[0]) for row in rows], text.lower()
    named = [name for name in names if name.lower() in lowered]
    by_name = "select" in lowered and not any(word in lowered for word in _ALL_COLUMNS)
    return [f'"{name}"' for name in (named if named and by_name else names)]
