"""Writing case files: the template, the import of spreadsheets, the JSON Schema."""
