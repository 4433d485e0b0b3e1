"""The client of docs/api.md with a token, like an open page: `listen TOKEN URL` prints a line for each message with rows, with the number
so far, and at the end the closing frame."""

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
