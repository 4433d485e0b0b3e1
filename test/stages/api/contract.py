"""The OpenAPI file, and checks of values against it."""

import pathlib

import jsonschema
import referencing
import referencing.jsonschema
import yaml

FILE = pathlib.Path(__file__).resolve().parents[3] / "contract/schema/openapi.yaml"
OPENAPI = yaml.safe_load(FILE.read_text())
TREND = yaml.safe_load((FILE.parent / "trend.schema.json").read_text())
DEAD_LETTER = yaml.safe_load((FILE.parent / "dead_letter.schema.json").read_text())


def _resource(contents):
    return referencing.Resource(contents=contents, specification=referencing.jsonschema.DRAFT202012)


REGISTRY = referencing.Registry().with_resources(
    [("openapi.yaml", _resource(OPENAPI)), ("trend.schema.json", _resource(TREND)), ("dead_letter.schema.json", _resource(DEAD_LETTER))]
)


def check(value, pointer):
    """Checks a value against the schema at a place of the file, such as /components/schemas/Status."""
    schema = {"$ref": f"openapi.yaml#{pointer}"}
    jsonschema.Draft202012Validator(schema, registry=REGISTRY).validate(value)


def escaped(path):
    return path.replace("~", "~0").replace("/", "~1")


def documented():
    """Every documented answer: (method, path, status, pointer to the answer)."""
    for path, item in OPENAPI["paths"].items():
        for method, operation in item.items():
            if method == "parameters":  # common to all methods
                continue
            for status, answer in operation["responses"].items():
                pointer = f"/paths/{escaped(path)}/{method}/responses/{status}"
                if "$ref" in answer:
                    pointer = answer["$ref"].removeprefix("#")
                yield method.upper(), path, int(status), pointer


def at(pointer):
    value = OPENAPI
    for part in pointer.split("/")[1:]:
        value = value[part.replace("~1", "/").replace("~0", "~")]
    return value
