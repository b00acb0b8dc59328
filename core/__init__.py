"""The ground floor of the portal."""

VERSION = "0.1.0"  # as pyproject.toml says; the image of the container has no such file
