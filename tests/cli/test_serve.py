"""`flask serve` says in one line what is in its way."""

import socket

import click
import pytest

from edu.cli.serve import refuse_taken


def test_a_free_port_is_fine() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    refuse_taken("127.0.0.1", port)


def test_a_taken_port_is_said_in_one_line_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(click.ClickException) as refusal:
            refuse_taken("127.0.0.1", port)
    assert refusal.value.message.startswith(f"Port {port} on 127.0.0.1 is taken.")
    assert f"PORT={port + 1} make run" in refusal.value.message
    assert "\n" not in refusal.value.message


def test_a_host_that_is_not_here_is_said() -> None:
    with pytest.raises(click.ClickException, match=r"Port 8000 on 203\.0\.113\.5 cannot be used: "):
        refuse_taken("203.0.113.5", 8000)
