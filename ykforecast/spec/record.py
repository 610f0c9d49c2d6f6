"""The strict frozen record that every table of a model file becomes, and its complaints in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ykforecast.vocabulary.errors import ModelError, YkforecastError, nearest

# Marks that reorder text on screen, and control characters: a label may not look like another one.
_FORBIDDEN_MARKS = {*range(0x20), 0x7F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {0x0A}


def _plain(text: str) -> str:
    if any(ord(mark) in _FORBIDDEN_MARKS for mark in text):
        raise ValueError("control or direction marks are not allowed in a text")
    return text


def _as_tuple(value: Any) -> Any:
    # TOML has lists only; records hold tuples so that nobody appends to one.
    return tuple(value) if isinstance(value, list) else value


#: Key of an indicator, lever, parameter: an identifier in snake case.
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
#: Name of a scenario, a model or a source: never a path.
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,79}$")]
#: A text that is not empty and has no hidden marks.
Text = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_plain)]
#: Where a number comes from: read off, computed from figures read off, of another place, or assumed.
Grade = Literal["observed", "derived", "borrowed", "assumed"]
#: Marks a tuple field that TOML gives as a list.
FromList = BeforeValidator(_as_tuple)


_UNKNOWN = "unknown key"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing wrong with a table: dotted key, what, the value found, what to do."""

    key: str
    problem: str
    value: Any = None
    remedy: str | None = None

    def error(self, kind: type[YkforecastError], file: object | None = None) -> YkforecastError:
        """The complaint as an exception of ``kind`` that names ``file``."""
        return kind(self.problem, file=file, key=self.key, value=self.value, remedy=self.remedy)


class Record(BaseModel):
    """A frozen table: unknown keys, wrong types, NaN and infinities are refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def read(cls, table: Mapping[str, Any], key: str = "") -> tuple[Self | None, list[Complaint]]:
        """Record of a table, or every complaint about it.

        Parameters
        ----------
        table : mapping
            One table of a TOML file.
        key : str
            Where the table stands in the file, put before the keys of the complaints.
        """
        try:
            return cls(**table), []
        except ValidationError as error:
            return None, complaints(cls, error, key)

    @classmethod
    def of(cls, *, kind: type[YkforecastError] = ModelError, **fields: Any) -> Self:
        """Record of keyword fields; the first complaint is raised as ``kind``."""
        record, complaints = cls.read(fields)
        if record is None:
            raise complaints[0].error(kind)
        return record


class Reasoned(Record):
    """A number with its grade and the reason for it.

    Attributes
    ----------
    grade : str
        observed, derived, borrowed or assumed.
    reason, reason_zh : str
        Why this number, in one or two sentences; the Chinese one is printed where there is one.
    """

    grade: Grade
    reason: Text
    reason_zh: Text | None = None


def complaints(record: type[BaseModel], error: ValidationError, key: str = "") -> list[Complaint]:
    """Every fault that the validation of ``record`` found, in plain words.

    Unknown keys come first: a misspelt key is the cause of the missing one.
    """
    found = [_complaint(record, item, key) for item in error.errors(include_url=False)]
    return sorted(found, key=lambda complaint: complaint.problem != _UNKNOWN)


def _complaint(record: type[BaseModel], item: Mapping[str, Any], key: str) -> Complaint:
    loc = [str(part) for part in item["loc"] if part != "[key]"]
    place = ".".join([part for part in (key, *loc) if part]) or "table"
    value = item["input"]
    if item["type"] == "extra_forbidden":
        return Complaint(place, _UNKNOWN, value, nearest(loc[-1], _known_keys(record, loc[:-1])))
    if item["type"] == "missing":
        return Complaint(place, "missing", None, "Add this key to the table")
    if isinstance(value, Mapping):
        return Complaint(place, _in_words(item["msg"]), list(value), "Correct or add keys of this table")
    return Complaint(place, _in_words(item["msg"]), value, "Correct the value")


def _in_words(message: str) -> str:
    message = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return message[:1].lower() + message[1:]


def _known_keys(record: type[BaseModel], path: list[str]) -> list[str]:
    """Field names of the record that stands at ``path`` below ``record``."""
    for step in path:
        field = record.model_fields.get(step)
        if field is not None:
            inner = list(_records_in(field.annotation))
        else:  # a tag of a union, or the index or key of a container: look among what we have
            inner = [other for other in _siblings(record) if step in _tags(other)]
        if not inner:
            continue
        record = inner[0]
    return list(record.model_fields)


def _siblings(record: type[BaseModel]) -> list[type[BaseModel]]:
    parents = [base for base in record.__bases__ if issubclass(base, BaseModel)]
    return [sibling for parent in parents for sibling in parent.__subclasses__()]


def _tags(record: type[BaseModel]) -> set[str]:
    return {
        str(tag)
        for field in record.model_fields.values()
        if get_origin(field.annotation) is Literal
        for tag in get_args(field.annotation)
    }


def _records_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _records_in(part)
