"""Debian's python3-socketio, driven by lines of JSON on standard input:

  ["ask", number, event, data]   emits, and prints ["ack", number, data] when it is acknowledged
  ["emit", event, data]          emits

Prints ["connect", transport] for each connection and ["event", name, data] for each event. Arguments: the
URL, and the transports if not the default ones. Ends with its standard input.
"""
import asyncio
import json
import logging
import sys

import socketio

# The library drops its HTTP session when it reconnects, and asyncio complains about that.
logging.getLogger("asyncio").setLevel(logging.CRITICAL)

client = socketio.AsyncClient(reconnection_delay=0.1, reconnection_delay_max=0.3)


def say(*what):
    print(json.dumps(what), flush=True)


@client.event
async def connect():
    say("connect", client.transport())


# Events that count end with an offset, for clients that recover by it: more arguments than data.
@client.on("*")
async def heard(event, data, *_):
    say("event", event, data)


async def follow(line):
    what, *rest = json.loads(line)
    if what == "emit":
        await client.emit(*rest)
    else:
        number, event, data = rest
        await client.emit(event, data, callback=lambda answer: say("ack", number, answer))


async def main(url, transports):
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    await client.connect(url, transports=transports or None)
    while line := await lines.readline():
        await follow(line)
    await client.disconnect()


asyncio.run(main(sys.argv[1], sys.argv[2:]))
