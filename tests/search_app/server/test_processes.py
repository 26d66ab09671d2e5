"""The processes of the site."""

import multiprocessing
import os
import socket
from pathlib import Path

import pytest
from flask import Flask

from search_app import create_app
from search_app.server import processes
from search_app.server.http_server import Server
from tests.surroundings.reading_room import ReadingRoom, fill


def test_the_index_is_open_before_a_process_takes_requests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = ReadingRoom(tmp_path)
    fill(room)
    room.close()
    was_open: list[bool] = []

    class NotingServer(Server):
        def __init__(self, app: Flask, listener: socket.socket) -> None:
            library = app.extensions["library"]
            was_open.append(bool(library._engine and library._engine.generation()))
            super().__init__(app, listener)

    monkeypatch.setattr(processes, "Server", NotingServer)

    def answer() -> None:
        lifeline, started = os.pipe(), os.pipe()
        os.close(lifeline[1])  # it ends as soon as it has begun
        with socket.create_server(("127.0.0.1", 0)) as listener:
            processes._answer(create_app(room.settings), listener, lifeline[0], started[1])
        os._exit(0 if was_open == [True] and os.read(started[0], 1) == b"." else 1)

    process = multiprocessing.get_context("fork").Process(target=answer)
    process.start()
    process.join(60)
    assert process.exitcode == 0
