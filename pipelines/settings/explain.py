"""What pydantic found wrong, in words that say what to write."""

from collections.abc import Callable
from typing import Any, TypeGuard, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from pipelines.settings.document import KeyPath
from pipelines.settings.entry import EMAIL_PATTERN, KEY_PATTERN, Entry
from pipelines.settings.errors import Place, Problems
from pipelines.settings.suggestions import pick_from

Model = TypeVar("Model", bound=Entry)

PATTERNS = {
    KEY_PATTERN: "must be made of lower-case letters, digits, '-', '_' and '.', and begin with one of the first two",
    EMAIL_PATTERN: "must be an e-mail address, as name@example.com",
}
SENTENCES = {
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "tuple_type": "must be a list",
    "dict_type": "must hold keys and values",
    "mapping_type": "must hold keys and values",
    "model_type": "must hold keys and values",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "date_type": "must be a day written YYYY-MM-DD, as 2026-01-31",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be at most {le:g}",
    "too_short": "must not be empty",
}


def read_entry(model: type[Model], value: Any, at: Callable[[KeyPath], Place], problems: Problems) -> Model | None:
    """Read one block; note each thing wrong in it at its own place, and then give nothing."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            problems.add(at(detail["loc"]), sentence(detail, model))
        return None


def sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """Say what is wrong and what to do, on one line, without repeating a long value."""
    kind, key, context = detail["type"], detail["loc"], detail.get("ctx", {})
    if kind == "missing":
        return f"is missing; add it ({_description(model, key)})"
    if kind == "extra_forbidden":
        return f"is not a known key{pick_from(str(key[-1]), _fields(model, key[:-1]))}"
    if kind == "literal_error":
        return f"must be {context['expected']}"
    if kind == "string_pattern_mismatch":
        return PATTERNS[context["pattern"]]
    if kind == "value_error":
        return str(context["error"])
    return SENTENCES[kind].format(**context) if kind in SENTENCES else detail["msg"].lower()


def _fields(model: type[BaseModel], key: KeyPath) -> dict[str, FieldInfo]:
    for step in key:
        if str(step) not in model.model_fields:
            continue  # the name, or the place, of an entry in a mapping or a list
        annotation = model.model_fields[str(step)].annotation
        blocks = [each for each in (annotation, *get_args(annotation)) if _is_block(each)]
        if not blocks:
            return {}
        [model] = blocks
    return model.model_fields


def _is_block(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _description(model: type[BaseModel], key: KeyPath) -> str:
    description = _fields(model, key[:-1])[str(key[-1])].description or ""
    return description[:1].lower() + description[1:].rstrip(".")
