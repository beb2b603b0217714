"""The description of the interface for the media, in OpenAPI 3.1. It is data: English, for programmers."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_ADDRESS = {"type": "string", "format": "uri"}
_MOMENT = {"type": "string", "format": "date-time"}
_NUMBER = {"type": "integer"}
_LANGUAGE = {"type": "string", "enum": ["tg", "ru", "en"]}

# The parameters of the list: what each is, and its schema.
PARAMETERS = {
    "language": ("The language of the reports; Tajik if it is not given.", _LANGUAGE | {"default": "tg"}),
    "category": ("The address word of a category, for instance “meetings”.", _TEXT),
    "since": ("Only events that began at this moment or later; a day counts from midnight in Dushanbe.", _TEXT),
    "until": ("Only events that began before this moment; a day counts from midnight in Dushanbe.", _TEXT),
    "cursor": ("A place in the list, as “next” holds it.", _TEXT),
}


def _object(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An object that always has all its ``properties``."""
    return {"type": "object", "properties": properties, "required": list(properties)} | more


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list_of(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _reference(name)}


def _answer(description: str, schema: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": _reference(schema)}}}


_SUMMARY = {
    "id": _NUMBER | {"description": "The number of the event; all its language versions share it."},
    "language": _LANGUAGE,
    "title": _TEXT,
    "lead": _TEXT,
    "starts_at": _MOMENT | {"description": "When the event began, by the Dushanbe clock."},
    "place": {"type": ["string", "null"]},
    "categories": _list_of("Category"),
    "photo": {"oneOf": [_reference("Photo"), {"type": "null"}]},
    "published_at": _MOMENT,
    "modified_at": _MOMENT,
    "url": _ADDRESS | {"description": "The page for readers."},
    "api_url": _ADDRESS | {"description": "The whole report."},
}

_SCHEMAS = {
    "Page": _object(
        {
            "reports": _list_of("Summary"),
            "next": {"type": ["string", "null"], "format": "uri", "description": "Older reports; null at the end."},
        }
    ),
    "Summary": _object(_SUMMARY),
    "Report": _object(
        _SUMMARY
        | {
            "body_html": _TEXT | {"description": "Lead and text as simple HTML."},
            "photos": _list_of("Photo"),
            "versions": {"type": "object", "additionalProperties": _ADDRESS, "description": "By language."},
        }
    ),
    "Category": _object({"slug": _TEXT, "name": _TEXT}),
    "Photo": _object(
        {
            "url": _ADDRESS | {"description": "A JPEG at most 1200 pixels wide."},
            "width": _NUMBER,
            "height": _NUMBER,
            "largest_url": _ADDRESS,
            "caption": _TEXT,
            "description": _TEXT,
            "credit": _TEXT,
        }
    ),
    "Error": _object({"error": _TEXT | {"description": "A sentence for people."}}),
}


def _get(name: str, summary: str, parameters: list[dict[str, Any]], responses: dict[str, Any]) -> dict[str, Any]:
    """A path that knows only GET."""
    return {"get": {"operationId": name, "summary": summary, "parameters": parameters, "responses": responses}}


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {
        "title": "Reports of the Press Service of the President of the Republic of Tajikistan",
        "version": "1.0.0",
        "description": "Read-only. No key is needed. Send back the ETag as If-None-Match: 304 means no change.",
    },
    "servers": [{"url": "/api/v1"}],
    "paths": {
        "/reports/": _get(
            "listReports",
            "Reports in one language, the latest event first, 50 to a page",
            [
                {"name": name, "in": "query", "description": text, "schema": schema}
                for name, (text, schema) in PARAMETERS.items()
            ],
            {"200": _answer("A page of reports", "Page"), "400": _answer("A parameter is wrong", "Error")},
        ),
        "/reports/{id}/{language}/": _get(
            "getReport",
            "One report, whole",
            [
                {"name": "id", "in": "path", "required": True, "schema": _NUMBER},
                {"name": "language", "in": "path", "required": True, "schema": _LANGUAGE},
            ],
            {"200": _answer("The report", "Report"), "404": _answer("There is no such public report", "Error")},
        ),
    },
    "components": {"schemas": _SCHEMAS},
}
