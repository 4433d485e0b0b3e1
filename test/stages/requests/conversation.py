"""One connection: requests are made, sent in pieces, and every answer is compared with what the plain reader expects.

The number of a conversation and the seed decide all that is sent, so one that broke a promise can be held again.
"""

import random
import select
import socket
import struct
import time

import answers
import frames
import framing
import mutations
from answers import Broken

PATIENCE = 120  # seconds until an answer that must come is given up
MOST_MUTATED = 40  # of one connection, if nothing ends it before


class Counts:
    def __init__(self):
        self.mutated = self.good = self.connections = self.refused = self.streams = self.cut = self.slow = 0

    def add(self, other):
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


class Talker:
    """Holds conversations, one after the other."""

    def __init__(self, corpus, judge, port, seed, secrets):
        self.corpus, self.judge, self.port, self.seed, self.secrets = corpus, judge, port, seed, secrets
        self.mutations, self.counts = mutations.Mutations(corpus), Counts()

    def talk(self, number):
        """Raises Broken, with what was sent and heard."""
        chance = random.Random(self.seed * 1_000_003 + number)
        sent, sure = self.write(chance)
        data = b"".join(sent)
        if chance.random() < 0.1:
            data = data[: chance.randrange(len(data)) + 1]
            self.counts.cut += 1
        requests = list(framing.requests_in(data))
        reader = answers.Reader([request.method for request in requests])
        pieces = split(data, chance)
        pause = chance.choice((0, 0, 0, 0.001, 0.005)) if len(pieces) > 1 and chance.random() < 0.2 else 0
        self.counts.slow += pause > 0
        try:
            is_over = self.exchange(data, pieces, pause, requests, reader, number, leaves=chance.random() < 0.03)
            self.compare(data, requests, reader, sure, is_over)
        except Broken as broken:
            raise Broken(f"conversation {number} of seed {self.seed}: {broken}\n  sent  {data[:3_000]!r}\n  heard {[answer.status for answer in reader.answers]} {reader.rest()[:500]!r}") from None
        self.counts.connections += 1

    def write(self, chance):
        """What is to be sent, request by request; and place → status of those that nothing is wrong with."""
        sent, sure, at = [], {}, 0
        count = chance.randrange(1, MOST_MUTATED)
        while True:
            if chance.random() < 0.15:
                draft, status = self.corpus.sentinel(chance)
                sure[at] = status
                sent.append(draft.wire())
            else:
                draw = chance.random()
                kind = self.corpus.read if draw < 0.7 else self.corpus.change if draw < 0.94 else self.corpus.handshake
                draft = kind(chance)
                if kind == self.corpus.handshake and chance.random() < 0.5:
                    sent += [draft.wire(), mutations.client_frames(chance)]
                else:
                    sent.append(self.mutations.apply(draft, chance))
                if not framing.read(sent[-1], 0).is_sure():  # nothing behind it is to be answered
                    count = min(count, len(sent) + chance.randrange(3))
            at = sum(map(len, sent))
            if len(sent) >= count:
                break
        return sent, sure

    def is_dismissed(self, sent, requests, reader):
        """Whether the program ends this stream of its own accord, with a goodbye that must not be missed."""
        if not reader.is_switched:
            return False
        last = len(reader.answers) - 1
        is_packed = b"sec-websocket-extensions" in reader.answers[last].fields
        return last < len(requests) and frames.Heard(sent[requests[last].end :], is_packed).codes is not None

    def exchange(self, sent, pieces, pause, requests, reader, number, leaves):
        """Sends and reads until the server has ended the connection, or until the client does: with `leaves`, before it has read all. Whether all was read."""
        sure = sum(request.is_sure() for request in requests)
        source = f"127.{1 + number % 7}.{number // 250 % 250}.{1 + number % 250}"  # each has ports of its own
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE, source_address=(source, 0)) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.setblocking(False)
            poll, deadline = select.poll(), time.monotonic() + PATIENCE
            waiting, is_sending, was_reset, at = list(reversed(pieces)), True, False, 0
            while True:
                is_done = not waiting and (len(reader.answers) >= sure or reader.is_switched)
                if is_sending and is_done:
                    if leaves and not reader.is_switched:
                        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        return False
                    is_sending = False
                    if not self.is_dismissed(sent, requests, reader):
                        try:
                            client.shutdown(socket.SHUT_WR)
                        except OSError:
                            pass  # it has ended it already
                poll.register(client, select.POLLIN | (select.POLLOUT if waiting else 0))
                if not poll.poll(max(0, (deadline - time.monotonic())) * 1000):
                    raise Broken(f"no answer within {PATIENCE} s: {len(reader.answers)} of {sure}")
                if waiting:
                    try:
                        at += client.send(waiting[-1][at:])
                        if at == len(waiting[-1]):
                            waiting.pop()
                            at = 0
                            if pause:
                                time.sleep(pause)
                    except BlockingIOError:
                        pass
                    except (BrokenPipeError, ConnectionResetError):
                        waiting, was_reset = [], True
                try:
                    data = client.recv(1 << 18)
                except BlockingIOError:
                    continue
                except ConnectionResetError:  # it closed while more was coming; what it had said may be gone
                    return False
                if not data:
                    return not was_reset
                for secret in self.secrets:
                    if secret in data and b"303 See Other" not in data:
                        raise Broken(f"a secret in an answer: {data[max(0, data.find(secret) - 100):][:300]!r}")
                reader.feed(data)

    def compare(self, data, requests, reader, sure, is_over):
        heard = reader.answers
        if len(heard) > len(requests):
            raise Broken(f"{len(heard)} answers to {len(requests)} requests")
        begin = 0
        for request, answer in zip(requests, heard):
            self.judge.check(request, answer)
            if begin in sure and request.kind == framing.CLEAR and answer.status != sure[begin]:
                raise Broken(f"{answer.status}, not {sure[begin]}, for {data[begin:request.end][:300]!r}")
            self.count(begin in sure, answer)
            begin = request.end
        if reader.went_on > sum(request.waits_for_100() for request in requests):
            raise Broken("100 Continue, which nobody waited for")
        self.compare_end(data, requests, reader, is_over)

    def count(self, is_good, answer):
        self.counts.good += is_good
        self.counts.mutated += not is_good
        self.counts.refused += not is_good and answer.status >= 400

    def compare_end(self, data, requests, reader, is_over):
        """Why there were no more answers."""
        heard = reader.answers
        if reader.is_switched:
            self.counts.streams += 1
            request, answer = requests[len(heard) - 1], heard[-1]
            is_packed = b"permessage-deflate" in answer.fields.get(b"sec-websocket-extensions", b"")
            return self.judge.check_stream(data[request.end :], reader.rest(), is_packed, is_over)
        if not is_over:
            return None
        if reader.rest() and (not heard or requests[len(heard) - 1].method != framing.MAYBE_HEAD):
            raise Broken("bytes that are no whole answer at the end")
        for number, (request, answer) in enumerate(zip(requests, heard)):
            is_last = number == len(heard) - 1
            if not is_last and (answer.closes or request.asks_to_close()):
                raise Broken(f"answer {number + 1} of {len(heard)} ends the connection, and there was another behind it")
            if answer.closes and request.kind == framing.CLEAR and answer.status < 400 and not request.asks_to_close():
                raise Broken(f"{answer.status} ends the connection, which nobody asked for")
        if len(heard) < len(requests):
            following = requests[len(heard)]
            is_ended = heard and (heard[-1].closes or requests[len(heard) - 1].asks_to_close())
            if following.is_sure() and not is_ended:
                raise Broken(f"no answer to {following.method!r} {following.target[:100]!r} ({following.kind})")
            if not is_ended:
                self.counts.mutated += 1
        return None


def split(data, chance):
    """The pieces in which it is sent."""
    draw = chance.random()
    if draw < 0.6:
        return [data]
    if draw < 0.63:
        return [data[at : at + 1] for at in range(min(len(data), 200))] + ([data[200:]] if len(data) > 200 else [])
    places = sorted(chance.randrange(1, len(data) + 1) for _ in range(chance.randrange(1, 6)))
    return [piece for piece in (data[begin:end] for begin, end in zip([0, *places], [*places, len(data)])) if piece]
