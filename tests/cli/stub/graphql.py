# SPDX-License-Identifier: Apache-2.0
"""As much of GraphQL as queries of credentials need: one operation with
arguments, variables, aliases and selections; no fragments, no directives."""

import dataclasses
import json
import re
from typing import Any

TOKEN = re.compile(r"""
    [\s,\ufeff]+ | \#[^\n]* |
    (?P<mark>[!$():=\[\]{}]) |
    (?P<name>[A-Za-z_][A-Za-z_0-9]*) |
    (?P<string>"(?:[^"\\\n]|\\.)*") |
    (?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    """, re.VERBOSE)
WORDS = {"true": True, "false": False, "null": None}
INVALID = "GRAPHQL_VALIDATION_FAILED"


class Refused(Exception):
    """An error of the whole request."""

    def __init__(self, message, code=INVALID):
        super().__init__(message)
        self.code = code


def error(message, code, path=None):
    """One of the list `errors`."""
    extra = {} if path is None else {"path": path}
    return {"message": message, **extra, "extensions": {"code": code}}


@dataclasses.dataclass
class Field:
    name: str
    key: str  # what it is called in the answer
    arguments: dict
    fields: list | None


@dataclasses.dataclass
class Operation:
    kind: str
    fields: list


def _tokens(text):
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            raise Refused(f"Syntax Error: Unexpected character at {at}.",
                          "GRAPHQL_PARSE_FAILED")
        at = found.end()
        if found.lastgroup:
            yield found.lastgroup, found[found.lastgroup]
    yield "end", ""


class _Parser:
    def __init__(self, text, variables):
        self._tokens = list(_tokens(text))
        self._at = 0
        self._variables = variables

    def _peek(self):
        return self._tokens[self._at][1]

    def _next(self, kind=None, text=None):
        got = self._tokens[self._at]
        if (kind and got[0] != kind) or (text and got[1] != text):
            raise Refused(f"Syntax Error: Unexpected {got[1] or '<EOF>'}.",
                          "GRAPHQL_PARSE_FAILED")
        self._at += 1
        return got[1]

    def operation(self):
        kind = "query"
        if self._peek() != "{":
            kind = self._next("name")
            if self._peek() not in "({":
                self._next("name")
            if self._peek() == "(":
                self._definitions()
        operation = Operation(kind, self._selection())
        self._next("end")
        return operation

    def _definitions(self):
        """Of variables; types are not checked."""
        while self._next() != ")":
            if self._peek() == "":
                self._next("mark")

    def _selection(self):
        self._next("mark", "{")
        fields = [self._field()]
        while self._peek() != "}":
            fields.append(self._field())
        self._next()
        return fields

    def _field(self):
        key = name = self._next("name")
        if self._peek() == ":":
            self._next()
            name = self._next("name")
        arguments = {}
        if self._peek() == "(":
            arguments = self._pairs("(", ")")
        fields = self._selection() if self._peek() == "{" else None
        return Field(name, key, arguments, fields)

    def _pairs(self, start, end):
        self._next("mark", start)
        pairs = {}
        while self._peek() != end:
            name = self._next("name")
            self._next("mark", ":")
            pairs[name] = self._value()
        self._next()
        return pairs

    def _value(self):
        kind, text = self._tokens[self._at]
        if text == "{" and kind == "mark":
            return self._pairs("{", "}")
        self._at += 1
        if kind in ("string", "number"):
            return json.loads(text)
        if kind == "name":
            return WORDS.get(text, text)
        if text == "$":
            return self._variables.get(self._next("name"))
        if text != "[":
            self._at -= 1
            self._next("end")
        values = []
        while self._peek() != "]":
            values.append(self._value())
        self._next()
        return values


def parse(text, variables=None):
    return _Parser(text, variables or {}).operation()


def check(fields, kind, schema):
    """That every field exists; `schema` names for each type its fields, with
    the type of those that have fields of their own, and else None."""
    for field in fields:
        if field.name not in schema[kind]:
            raise Refused(f'Cannot query field "{field.name}" on type '
                          f'"{kind}".')
        inner = schema[kind][field.name]
        if (inner is None) != (field.fields is None):
            raise Refused(f'Field "{field.name}" must '
                          + ("not " if inner is None else "")
                          + "have a selection of subfields.")
        if inner is not None:
            check(field.fields, inner, schema)


def project(value, fields) -> Any:
    """The selected fields of what was found."""
    if fields is None or value is None:
        return value
    if isinstance(value, list):
        return [project(one, fields) for one in value]
    return {field.key: project(value[field.name], field.fields)
            for field in fields}
