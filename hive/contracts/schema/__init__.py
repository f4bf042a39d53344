"""JSON Schema in all its dialects, as OpenAPI, AsyncAPI and plain schema files use it."""
