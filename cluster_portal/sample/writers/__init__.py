"""One module a format, each with `write(records, *, today) -> bytes`: the sample's content in a source's own shape."""
