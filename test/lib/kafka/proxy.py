"""A proxy in front of one broker that treats single requests as a bad network may: it holds, delays or loses them.

    with kafka.proxy([Rule(END, "hold", until=Moment(PRODUCE, "request"))], seed=1) as proxy:
        ...                  clients of kafka.proxied go through it; requests that match no rule pass untouched
        proxy.late           Late(request, code): held requests that have reached the broker, and the error code of the answer
        proxy.count("hold")  how often an action was taken

A held request does not reach the broker at once. Its connection is closed, as by a vanishing middlebox, or stays silent until
the client times out. It is released, over a separate connection, at a Moment of a later transaction of the same transactional id
(once a later EndTxn was answered), or after some milliseconds. The request that triggers it waits until the broker has answered.
"""

import asyncio
import dataclasses
import random
import struct
import threading

PRODUCE, ADD_PARTITIONS, ADD_OFFSETS, END, COMMIT_OFFSETS = 0, 24, 25, 26, 28
NAMES = {PRODUCE: "Produce", ADD_PARTITIONS: "AddPartitionsToTxn", ADD_OFFSETS: "AddOffsetsToTxn", END: "EndTxn",
         COMMIT_OFFSETS: "TxnOffsetCommit"}
FLEXIBLE_SINCE = {PRODUCE: 9, ADD_PARTITIONS: 3, ADD_OFFSETS: 3, END: 3, COMMIT_OFFSETS: 3}  # versions: lengths as varints, tagged fields
NONE = 0
# How a broker refuses requests of an earlier epoch, or for a transaction that no longer exists.
REFUSALS = {47: "INVALID_PRODUCER_EPOCH", 48: "INVALID_TXN_STATE", 49: "INVALID_PRODUCER_ID_MAPPING", 51: "CONCURRENT_TRANSACTIONS",
            90: "PRODUCER_FENCED"}
PATIENCE = 60  # seconds for a broker's answer


@dataclasses.dataclass(frozen=True)
class Moment:
    """The moment when the next request of this kind, or its answer, reaches the proxy."""

    kind: int
    side: str  # "request" or "answer"


@dataclasses.dataclass
class Rule:
    kind: int
    do: str  # "hold"; "slow": delays the answer by `ms`; "lose": drops the request
    transactional_id: str = ""  # its prefix
    commits: bool | None = None  # only an EndTxn that commits, or only one that aborts
    skip: int = 0  # so many pass first
    times: int = 1  # 0: always
    chance: float = 1.0
    closes: bool = True  # False: the connection stays, silent
    until: Moment | None = None  # when held requests are released; None: after `ms`
    ms: tuple = (0, 0)  # a random time in this range

    def fits(self, request):
        return (request.kind == self.kind and (request.transactional_id or "").startswith(self.transactional_id)
                and self.commits in (None, request.commits))


@dataclasses.dataclass
class Late:
    request: "Request"
    code: int | None = None  # of the broker's answer; None: not yet arrived
    until: Moment | None = None
    may_arrive: bool = False  # a later EndTxn of the same id has been answered


class Fields:
    """The fields of a message, read from the front."""

    def __init__(self, data, flexible=False):
        self.data, self.at, self.flexible = data, 0, flexible

    def number(self, form):
        (value,) = struct.unpack_from(f">{form}", self.data, self.at)
        self.at += struct.calcsize(form)
        return value

    def varint(self):
        value, shift = 0, 0
        while True:
            byte = self.number("B")
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def text(self):
        length = self.varint() - 1 if self.flexible else self.number("h")
        if length < 0:
            return None
        self.at += length
        return self.data[self.at - length : self.at].decode()

    def count(self):
        return self.varint() - 1 if self.flexible else self.number("i")

    def tags(self):
        for _ in range(self.varint() if self.flexible else 0):
            self.varint()
            self.at += self.varint()


class Request:
    def __init__(self, data):
        self.data = data
        fields = Fields(data)
        self.kind, self.version, self.number = fields.number("h"), fields.number("h"), fields.number("i")
        self.transactional_id = self.commits = None
        self.wants_answer = True
        if self.kind not in FLEXIBLE_SINCE or self.kind == PRODUCE and self.version < 3:
            return
        fields.text()  # the client's name; its length is never a varint
        fields.flexible = self.version >= FLEXIBLE_SINCE[self.kind]
        fields.tags()
        self.transactional_id = fields.text()
        if self.kind == PRODUCE:
            self.wants_answer = fields.number("h") != 0
        if self.kind == END:
            fields.number("q"), fields.number("h")  # producer and epoch
            self.commits = bool(fields.number("b"))

    def __str__(self):
        return f"{NAMES.get(self.kind, self.kind)} of {self.transactional_id}"

    def same_as(self, other):
        """True for a retry: equal in everything but the correlation number."""
        return other is not None and self.data[:4] == other.data[:4] and self.data[8:] == other.data[8:]

    def code_of(self, answer):
        """The error code of its answer, or the first one if each partition has its own."""
        fields = Fields(answer, self.version >= FLEXIBLE_SINCE[self.kind])
        fields.number("i"), fields.tags(), fields.number("i")  # its number, and for how long the client is to wait
        if self.kind in (ADD_PARTITIONS, COMMIT_OFFSETS):
            fields.count(), fields.text(), fields.count(), fields.number("i")  # topics, a name, partitions, the first one's number
        return fields.number("h")


async def read_message(reader):
    (length,) = struct.unpack(">i", await reader.readexactly(4))
    return await reader.readexactly(length)


async def write_message(writer, data):
    writer.write(struct.pack(">i", len(data)) + data)
    await writer.drain()


class Proxy:
    def __init__(self, port, upstream, rules, seed, on_late=None, on_answer=None, host="127.0.0.1"):
        """`on_late(late)` is called as soon as the broker has answered a late request, before anything else continues, and
        `on_answer(request, code)` before an answer to a transactional request is passed on; both on the proxy's thread."""
        self.address, self.upstream, self.rules = (host, port), (host, upstream), [dataclasses.replace(rule) for rule in rules]
        self.chance = random.Random(seed)
        self.on_late, self.on_answer = on_late, on_answer
        self.held, self.late, self.counts, self.last = [], [], {}, {}
        self.loop, self.tasks, self.begun = None, set(), threading.Event()
        self.failure = None

    def __enter__(self):
        self.thread = threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True)
        self.thread.start()
        self.begun.wait()
        if self.failure:
            raise self.failure
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join()

    def count(self, deed):
        return self.counts.get(deed, 0)

    async def serve(self):
        self.loop, self.over = asyncio.get_running_loop(), asyncio.Event()
        try:
            server = await asyncio.start_server(self.meet, *self.address)
        except OSError as failure:
            self.failure = failure
            self.begun.set()
            return
        self.begun.set()
        await self.over.wait()
        server.close()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def begin(self, coroutine):
        task = asyncio.ensure_future(coroutine)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def rule_for(self, request):
        if request.same_as(self.last.get(request.transactional_id)):
            return None  # retries pass
        for rule in self.rules:
            if not rule.fits(request) or rule.times < 0:
                continue
            if rule.skip > 0:
                rule.skip -= 1
            elif self.chance.random() < rule.chance:
                if rule.times:
                    rule.times = rule.times - 1 or -1
                self.counts[rule.do] = self.count(rule.do) + 1
                return rule
        return None

    def hold(self, request, rule):
        late = Late(request, until=rule.until)
        self.held.append(late)
        if rule.until is None:
            self.begin(self.release_after(late, self.chance.uniform(*rule.ms) / 1000))

    async def release_after(self, late, seconds):
        await asyncio.sleep(seconds)
        await self.release(late)

    async def release(self, late):
        self.held.remove(late)
        reader, writer = await asyncio.open_connection(*self.upstream)
        await write_message(writer, late.request.data)
        late.code = late.request.code_of(await asyncio.wait_for(read_message(reader), PATIENCE))
        writer.close()
        self.late.append(late)
        if self.on_late:
            self.on_late(late)

    async def comes(self, moment, request):
        for late in [late for late in self.held if late.may_arrive and late.until == moment]:
            if late.request.transactional_id == request.transactional_id:
                await self.release(late)

    async def meet(self, reader, writer):
        task = asyncio.current_task()
        self.tasks.add(task)
        try:
            up_reader, up_writer = await asyncio.open_connection(*self.upstream)
            try:
                await Connection(self, reader, writer, up_reader, up_writer).run()
            finally:
                up_writer.close()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # one of the ends has gone
        finally:
            writer.close()
            self.tasks.discard(task)


class Connection:
    def __init__(self, proxy, reader, writer, up_reader, up_writer):
        self.proxy, self.reader, self.writer, self.up_reader, self.up_writer = proxy, reader, writer, up_reader, up_writer
        self.waiting = {}  # number → (request, seconds that its answer waits)

    async def run(self):
        ways = [asyncio.ensure_future(self.ask()), asyncio.ensure_future(self.answer())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def ask(self):
        proxy, silent = self.proxy, False
        while True:
            request = Request(await read_message(self.reader))
            if silent:
                continue
            delay = 0
            if request.transactional_id is not None:
                await proxy.comes(Moment(request.kind, "request"), request)
                rule = proxy.rule_for(request)
                proxy.last[request.transactional_id] = request
                if rule and rule.do == "hold":
                    proxy.hold(request, rule)
                if rule and rule.do in ("hold", "lose"):
                    if rule.closes:
                        return
                    silent = True
                    continue
                if rule:
                    delay = proxy.chance.uniform(*rule.ms) / 1000
            if request.wants_answer:
                self.waiting[request.number] = (request, delay)
            await write_message(self.up_writer, request.data)

    async def answer(self):
        proxy = self.proxy
        while True:
            answer = await read_message(self.up_reader)
            request, delay = self.waiting.pop(struct.unpack_from(">i", answer)[0], (None, 0))
            if request is not None and request.transactional_id is not None:
                code = request.code_of(answer) if request.kind != PRODUCE else NONE
                if request.kind == END and code == NONE:
                    for late in proxy.held:
                        late.may_arrive |= late.request.transactional_id == request.transactional_id
                await proxy.comes(Moment(request.kind, "answer"), request)
                if proxy.on_answer:
                    proxy.on_answer(request, code)
            await asyncio.sleep(delay)
            await write_message(self.writer, answer)
