"""The client of docs/api.md with a token, as an open page is one: `listen TOKEN URL` writes a line for each message with rows, how many
it has by then, and at last the goodbye that it got."""

import asyncio
import json
import sys

import websockets


async def main(token, url):
    async with websockets.connect(url, additional_headers={"Authorization": f"Bearer {token}"}, max_size=None) as live:
        try:
            rows = {}
            async for text in live:
                message = json.loads(text)
                if message["type"] == "snapshot":
                    rows.clear()
                for row in message.get("trends", []):
                    rows[row["symbol"], row["window_start"]] = row
                if "trends" in message:
                    print(message["type"], len(rows), flush=True)
        except websockets.ConnectionClosed:
            pass
        print("goodbye", live.close_code, live.close_reason, flush=True)


asyncio.run(main(*sys.argv[1:]))
