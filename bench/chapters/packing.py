"""permessage-deflate: what compressing the page's stream saves, and what it costs the server."""

import google

KINDS = (
    ("snapshot", (5, 100, 1_000), "a part of the first picture"),
    ("update", (1, 5, 100, 1_000), "rows and bars of a minute's commit"),
    ("status", (5,), "once a second"),
)


def measure_into(chapter, options):
    chapter.header = ("message", "as it is", "packed", "with a window a client", "CPU a message", "that is")
    found = google.medians("deflate_bench", options.quick)
    for kind, sizes, words in KINDS:
        for symbols in sizes:
            run = found[f"pack/{kind}/{symbols}"]
            each = run.counters
            chapter.row(
                f"{kind}, {symbols:,} symbol{'s' if symbols > 1 else ''}",
                f"{each['bytes']:,.0f} B",
                f"**{each['packed']:,.0f} B** ({each['bytes'] / each['packed']:.1f} ×)",
                f"{each['kept']:,.0f} B",
                f"{1e6 / run.items_per_second:,.0f} µs",
                words,
            )
