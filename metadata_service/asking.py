"""Reads a pydantic model from the query string.

FastAPI can do that itself, but looks at every field of the model anew for each request, which costs a list as much
as its database does.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)

_KEYWORDS: Final = {"description", "title"}


def by_query(model: type[Model]) -> Callable[[Request], Awaitable[Model]]:
    """Make the dependency that reads `model`; document its fields with `parameters`."""
    lists = {name for name, schema in _properties(model).items() if _is_list(schema)}

    async def read(request: Request) -> Model:
        given: dict[str, Any] = {}
        for name, value in request.query_params.multi_items():
            if name in lists:
                given.setdefault(name, []).append(value)
            else:
                given[name] = value
        try:
            return model.model_validate(given)
        except ValidationError as error:
            errors = [{**item, "loc": ("query", *item["loc"])} for item in error.errors()]
            raise RequestValidationError(errors) from error

    return read


def parameters(model: type[BaseModel]) -> dict[str, Any]:
    """The same fields for a route's `openapi_extra`."""
    return {
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": False,
                "schema": {key: value for key, value in schema.items() if key not in _KEYWORDS},
                **({"description": schema["description"]} if "description" in schema else {}),
            }
            for name, schema in _properties(model).items()
        ]
    }


def _properties(model: type[BaseModel]) -> dict[str, dict[str, Any]]:
    properties: dict[str, dict[str, Any]] = model.model_json_schema()["properties"]
    return properties


def _is_list(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "array" or any(map(_is_list, schema.get("anyOf", ())))
