"""A thousand clients at once."""

import asyncio
import json
import resource

from server_program import PATIENCE, running

CLIENTS = 1000
REQUEST = (
    b"GET /api/v1/live?history=2 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


async def message(reader):
    """The next text message; frames of a server are whole and not masked."""
    while True:
        first, size = await reader.readexactly(2)
        if size >= 126:
            size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
        payload = await reader.readexactly(size)
        if first & 15 == 1:
            return json.loads(payload)


async def client(port, gate):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(REQUEST)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
        snapshot = await message(reader)
        sequence = snapshot["sequence"]
        await gate.wait()  # until all clients are connected
        heard = {}
        while len(heard) < 5:
            told = await message(reader)
            if told["type"] == "trends":
                assert told["sequence"] == sequence + 1, (told["sequence"], sequence)
                sequence = told["sequence"]
                heard[sequence] = json.dumps(told["trends"])
        return heard
    finally:
        writer.close()


async def everybody(program):
    gate = asyncio.Barrier(CLIENTS)
    tasks = [asyncio.create_task(client(program.port, gate)) for _ in range(CLIENTS)]
    return await asyncio.wait_for(asyncio.gather(*tasks), 4 * PATIENCE)


def case_a_thousand_clients_hear_the_same_without_a_gap(data):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < CLIENTS + 300:
        return f"this machine allows only {hard} open files"
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, CLIENTS + 300), hard))
    with running("--speed", "120", data=data) as program:
        told = {}
        for heard in asyncio.run(everybody(program)):
            for sequence, rows in heard.items():
                assert told.setdefault(sequence, rows) == rows, f"two stories of {sequence}"
        assert program.ask("/healthz").status == 200
