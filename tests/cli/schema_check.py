#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a report against a JSON schema.

usage: schema_check.py SCHEMA REPORT

A report whose name ends in .jsonl is checked line by line against $defs/line
of the schema. Prints what does not fit and where; exits with 1 if anything
does not, with 2 if a file cannot be read.
"""

import json
import sys

import jsonschema

MAX_SHOWN = 20


def validator_for(schema, part=None):
    cls = jsonschema.validators.validator_for(schema)
    cls.check_schema(schema)
    if part is not None:
        schema = {key: schema[key] for key in ("$schema", "$id", "$defs")}
        schema["$ref"] = part
    return cls(schema, format_checker=jsonschema.FormatChecker())


def documents(path):
    """Yields (name, value) of what the file holds."""
    # Strict on purpose: a report is UTF-8 whatever it reports on.
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    if not path.endswith(".jsonl"):
        yield path, json.loads(text)
        return
    for number, line in enumerate(text.split("\n")[:-1], 1):
        yield f"{path}:{number}", json.loads(line)


def main(argv):
    if len(argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(argv[1], encoding="utf-8") as file:
            schema = json.load(file)
        part = "#/$defs/line" if argv[2].endswith(".jsonl") else None
        validator = validator_for(schema, part)
        problems = []
        count = 0
        for name, value in documents(argv[2]):
            count += 1
            for error in validator.iter_errors(value):
                place = "/".join(str(step) for step in error.absolute_path)
                problems.append(f"{name}: /{place}: {error.message}")
    except (OSError, ValueError, jsonschema.SchemaError) as error:
        print(f"schema_check.py: {error}", file=sys.stderr)
        return 2
    for problem in problems[:MAX_SHOWN]:
        print(problem)
    if len(problems) > MAX_SHOWN:
        print(f"and {len(problems) - MAX_SHOWN} more")
    if count == 0:
        print(f"{argv[2]}: holds nothing")
    return 1 if problems or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
