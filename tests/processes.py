"""Processes of their own, for tests that need the real thing: started, waited for, and ended again."""

import socket


def free_port() -> int:
    """A port of the loopback address that nobody listens on at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
