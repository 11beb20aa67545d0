"""Refusals, as the document describes them (RFC 9457)."""

from marshmallow import Schema, fields


class FieldFault(Schema):
    location = fields.String(required=True, metadata={"description": "path, query, headers, body"})
    field = fields.String(required=True, metadata={"description": "dotted"})
    detail = fields.String(required=True)


class ProblemDetails(Schema):
    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": "stable"})
    detail = fields.String(required=True)
    request_id = fields.String(required=True)
    rule = fields.String(metadata={"description": "the rule behind the refusal, such as PF-05"})
    errors = fields.List(fields.Nested(FieldFault))
