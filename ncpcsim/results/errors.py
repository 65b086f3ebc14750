"""What can be wrong with a folder of results."""


class StoreError(ValueError):
    """A folder that results cannot be written to or read from; the message says why in one line."""


class DamageError(StoreError):
    """A folder of which something is missing or broken; `lines` names every file."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(lines))


class QueryError(ValueError):
    """A query that is not allowed or that DuckDB refuses, in one line."""
