"""The engine, the decoder and the encoders, each alone on one core."""

import google
from tables import millions, target


def measure_into(chapter, options):
    engine = google.medians("engine_bench", options.quick)
    shapes = [("1,000", "1000/1", 15e6), ("10,000", "10000/1", 8e6)]
    for symbols, shape, least in shapes:
        for order, words in (("in_time", "in time order"), ("shuffled", "shuffled by 2 minutes")):
            bare, whole = (engine[f"{what}/{order}/{shape}"].items_per_second for what in ("windows", "trends"))
            chapter.row(
                f"engine, {symbols} symbols, {words}",
                target(f"≥ {least / 1e6:.0f} M", bare >= least),
                f"**{millions(bare)}** windows alone, {millions(whole)} with the trend of each",
                "bars per CPU-second; decoded minute bars, each in five windows of which one closes",
            )
    bare, whole = (engine[f"{what}/in_time/1000/60"].items_per_second for what in ("windows", "trends"))
    chapter.row(
        "engine, 1,000 symbols, a bar a second",
        "",
        f"{millions(bare)} windows alone, {millions(whole)} with the trend of each",
        "60 bars in each minute and symbol, in time order",
    )
    decode = google.medians("decode_bench", options.quick)
    for name, words in (("plain", "as Tidemark writes them"), ("blanks", "as Python's `json.dumps` does"), ("escape", "with an escape in the symbol")):
        chapter.row(f"decoder, records {words}", "", millions(decode[f"decode/{name}"].items_per_second), "records per CPU-second, checked whole, numbers and times exact")
    encode = google.medians("encode_bench", options.quick)
    chapter.row("encoder, trends", "", millions(encode["encode_trend"].items_per_second), "JSON lines per CPU-second")
    chapter.row("encoder, bars", "", millions(encode["encode_bar"].items_per_second), "JSON lines per CPU-second")
