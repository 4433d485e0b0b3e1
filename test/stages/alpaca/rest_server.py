"""A REST server with Alpaca's history that counts its calls and fails on request. It shares no code with Tidemark."""

import base64
import datetime
import http.server
import json
import ssl
import threading
import time
import urllib.parse

KEY, SECRET = "PKTESTKEYTESTKEY", "very-secret-words-of-a-test"


def instant(text):
    """Nanoseconds since 1970 of an RFC 3339 time."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    seconds = int(datetime.datetime.fromisoformat(whole + "+00:00").timestamp())
    return seconds * 10**9 + int((fraction or "0").ljust(9, "0"))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.site.answer(self)


class Site(http.server.ThreadingHTTPServer):
    """`bars`: symbol → bars as JSON texts in order of time. `fault(call)`: None, or the action instead of an answer."""

    daemon_threads = True

    def __init__(self, bars, page=1_000, limit=None, fault=lambda call: None, tls=None, keys=(KEY, SECRET)):
        super().__init__(("127.0.0.1", 0), Handler)
        self.site = self
        self.bars = {symbol: [(instant(json.loads(bar)["t"]), bar) if isinstance(bar, str) else bar for bar in each] for symbol, each in bars.items()}
        self.page, self.limit, self.fault, self.keys = page, limit, fault, keys
        self.calls, self.times, self.refused, self.addresses = [], [], 0, []
        self.lock = threading.Lock()
        self.scheme = "https" if tls else "http"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, *_):
        pass

    @property
    def port(self):
        return self.server_address[1]

    def url(self, host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.port}"

    def most_in_a_minute(self):
        """The most calls in any minute; minus two seconds, because calls may differ in their time in transit."""
        times = sorted(self.times)
        return max((sum(1 for t in times if begin <= t < begin + 58) for begin in times), default=0)

    def answer(self, request):
        with self.lock:
            call = len(self.calls)
            self.calls.append(request.path)
            self.times.append(time.time())
            self.addresses.append(request.client_address)
            in_minute = sum(1 for t in self.times if t // 60 == self.times[-1] // 60)
        headers = {}
        if self.limit:
            headers = {"X-RateLimit-Limit": self.limit, "X-RateLimit-Remaining": max(0, self.limit - in_minute), "X-RateLimit-Reset": int(time.time() // 60 + 1) * 60}
            if in_minute > self.limit:
                self.refused += 1
                return self.send(request, 429, {"message": "too many requests."}, headers)
        fault = self.fault(call)
        if callable(fault):
            return fault(request)
        if fault:
            return self.send(request, fault[0], fault[1], headers)
        if (request.headers["APCA-API-KEY-ID"], request.headers["APCA-API-SECRET-KEY"]) != self.keys:
            return self.send(request, 401, {"message": "authorization required."}, headers)
        return self.send(request, 200, self.bars_of(request.path), headers)

    def send(self, request, status, body, headers, cut=False):
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, str(value))
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data[: len(data) // 2] if cut else data)
        if cut:
            request.wfile.flush()
            request.close_connection = True

    def bars_of(self, path):
        url = urllib.parse.urlsplit(path)
        asked = dict(urllib.parse.parse_qsl(url.query))
        assert url.path in ("/v2/stocks/bars", "/v1beta3/crypto/us/bars"), path
        assert asked["timeframe"] == "1Min" and asked["sort"] == "asc" and int(asked["limit"]) == 10_000, path
        assert ("feed" in asked) == (url.path == "/v2/stocks/bars"), path
        start, end = instant(asked["start"]), instant(asked["end"])
        rows = []
        for symbol in sorted(set(asked["symbols"].split(","))):
            rows += [(symbol, bar) for at, bar in self.bars.get(symbol, []) if start <= at <= end]
        begin = int(base64.b64decode(asked["page_token"])) if "page_token" in asked else 0
        chosen = rows[begin : begin + self.page]
        following = begin + self.page
        token = base64.b64encode(str(following).encode()).decode() if following < len(rows) else None
        by_symbol = {}
        for symbol, bar in chosen:
            by_symbol.setdefault(symbol, []).append(bar)
        lists = ",".join(f"{json.dumps(symbol)}:[{','.join(each)}]" for symbol, each in by_symbol.items())
        return f'{{"bars":{{{lists}}},"next_page_token":{json.dumps(token)}}}'
