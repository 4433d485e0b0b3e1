"""The clients of a listening socket."""


def accepted(listener):
    """Each client that connects, until the listener is closed."""
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        yield client
