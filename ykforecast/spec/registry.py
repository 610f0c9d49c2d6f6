"""A frozen, ordered mapping of records that shows itself as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from ykforecast.vocabulary.errors import RequestError, nearest

RecordT = TypeVar("RecordT")


class UnknownKeyError(RequestError, KeyError):
    """A key that the registry does not hold; names the nearest one it does."""

    __str__ = Exception.__str__  # KeyError would show the repr of the message


class Registry(Mapping[str, RecordT], Generic[RecordT]):
    """Records by key, in the order of their file.

    Parameters
    ----------
    name : str
        What is registered, in the plural.
    records : mapping of str to record
        The records.
    columns : tuple of str
        Attributes to show beside the key, in this order.
    """

    __slots__ = ("_columns", "_name", "_records")

    def __init__(self, name: str, records: Mapping[str, RecordT], columns: tuple[str, ...]) -> None:
        self._name = name
        self._records = dict(records)
        self._columns = columns

    def __getitem__(self, key: str) -> RecordT:
        try:
            return self._records[key]
        except KeyError:
            remedy = nearest(str(key), self._records)
            raise UnknownKeyError("no such key", key=self._name, value=key, remedy=remedy) from None

    def __contains__(self, key: object) -> bool:
        return key in self._records

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    @property
    def name(self) -> str:
        """What is registered."""
        return self._name

    @property
    def columns(self) -> tuple[str, ...]:
        """Attributes shown beside the key."""
        return self._columns

    def rows(self) -> list[tuple[str, ...]]:
        """The table that is shown: key and columns of each record, as text."""
        return [
            (key, *(_cell(getattr(record, column)) for column in self._columns))
            for key, record in self._records.items()
        ]

    def __rich__(self) -> Any:
        from rich.table import Table
        from rich.text import Text

        table = Table(title=f"{self._name} ({len(self)})", title_justify="left")
        for header in ("key", *self._columns):
            # A key is there to be copied: it stays on one line.
            table.add_column(header, overflow="fold", no_wrap=header == "key")
        for row in self.rows():
            table.add_row(*map(Text, row))  # Text: brackets in a label are not markup
        return table

    def __repr__(self) -> str:
        import io

        from rich.console import Console

        page = io.StringIO()
        Console(file=page, width=120, color_system=None).print(self)
        return "\n".join(line.rstrip() for line in page.getvalue().rstrip().splitlines())

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(f"<th>{escape(title)}</th>" for title in ("key", *self._columns))
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in self.rows())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(_cell(part) for part in value)
    return str(value)
