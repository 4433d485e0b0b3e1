"""A small JSON Schema checker: the keywords that contract/schema uses, and a refusal of any other, so that none is ignored."""

import re
from decimal import Decimal

TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, Decimal)) and not isinstance(value, bool),
    "integer": lambda value: TYPES["number"](value) and value == int(value),
}
IS_NUMBER, IS_STRING, IS_OBJECT = TYPES["number"], TYPES["string"], TYPES["object"]
RULES = {  # keyword: (the types it applies to, whether a value satisfies it)
    "enum": (lambda value: True, lambda value, allowed: value in allowed),
    "pattern": (IS_STRING, lambda value, pattern: re.search(pattern, value) is not None),
    "minimum": (IS_NUMBER, lambda value, limit: value >= limit),
    "maximum": (IS_NUMBER, lambda value, limit: value <= limit),
    "exclusiveMinimum": (IS_NUMBER, lambda value, limit: value > limit),
    "exclusiveMaximum": (IS_NUMBER, lambda value, limit: value < limit),
    "required": (IS_OBJECT, lambda value, names: all(name in value for name in names)),
}
REMARKS = {"$schema", "$id", "title", "description"}
HANDLED = {"type", "properties", "additionalProperties", "if", "then", "else", "not"}


def faults(schema, value, path="$"):
    """The faults of the value, one sentence each."""
    unknown = schema.keys() - REMARKS - HANDLED - RULES.keys()
    if unknown:
        return [f"{path}: this checker does not know {sorted(unknown)}"]
    found = []
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if not any(TYPES[name](value) for name in names):
            found.append(f"{path} is not of type {names}")
    for keyword, (applies, keeps) in RULES.items():
        if keyword in schema and applies(value) and not keeps(value, schema[keyword]):
            found.append(f"{path} breaks {keyword}: {schema[keyword]}")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        for name, member in value.items():
            if name in properties:
                found += faults(properties[name], member, f"{path}.{name}")
            elif schema.get("additionalProperties") is False:
                found.append(f"{path}.{name} is not foreseen")
    if "if" in schema:
        branch = "then" if not faults(schema["if"], value, path) else "else"
        found += faults(schema.get(branch, {}), value, path)
    if "not" in schema and not faults(schema["not"], value, path):
        found.append(f"{path} breaks not: {schema['not']}")
    return found
