// Writes the trend of a window: exact sums, each value rounded once (contract 4).
package tidemark.core;

import java.math.BigInteger;

final class TrendLine {
    private static final BigInteger TEN = BigInteger.TEN;
    private static final long PERCENT_4 = 1_000_000;  // a ratio in ten-thousandths of a percent
    private static final int RATIO_PLACES = 4;

    private final StringBuilder out = new StringBuilder(512);
    private final Sums sums = new Sums();

    /** The line without its LF. The window [end - size, end) holds at least one bar. */
    String write(Spec spec, SymbolBars symbol, long end, boolean isFinal) {
        sums.add(symbol, end - spec.size(), end);
        int p = sums.pricePlaces();
        int v = sums.volumePlaces();
        out.setLength(0);
        out.append("{\"symbol\":");
        JsonText.append(out, symbol.symbol);
        out.append(",\"window_start\":\"");
        EventTime.append(out, end - spec.size(), ' ');
        out.append("\",\"window_end\":\"");
        EventTime.append(out, end, ' ');
        out.append("\",\"avg_close\":");
        average(sums.close, sums.count, p);
        price(",\"max_close\":", sums.max, p);
        price(",\"min_close\":", sums.min, p);
        out.append(",\"avg_volume\":");
        average(sums.volume, sums.count, v);
        out.append(",\"volatility\":");
        if (sums.count == 1) {
            out.append("null");
        } else {
            Units.appendFixed(out, Volatility.of(sums, p), p);
        }
        out.append(",\"avg_vwap\":");
        if (sums.vwaps == 0) {
            out.append("null");
        } else {
            average(sums.vwap, sums.vwaps, p);
        }
        out.append(",\"avg_pct_change\":");
        average(sums.pctChange, sums.count, RATIO_PLACES);
        out.append(",\"buy_pressure\":");
        Units.appendFixed(out, Units.rounded(sums.up * 10_000L, sums.count), RATIO_PLACES);
        out.append(",\"bar_count\":").append(sums.count);
        price(",\"price_range\":", sums.max - sums.min, p);
        out.append(",\"vwap_deviation_pct\":");
        deviation();
        out.append(",\"trend_signal\":\"").append(signal());
        out.append("\",\"status\":\"").append(isFinal ? "final" : "update").append("\",\"revision\":").append(sums.records).append(",\"feed\":");
        JsonText.appendOrNull(out, sums.feed);
        return out.append('}').toString();
    }

    private void price(String key, long units, int places) {
        out.append(key);
        Units.appendFixed(out, Units.rounded(units, Units.POWERS[Units.PLACES - places]), places);
    }

    private void average(Sum sum, long count, int places) {
        long divisor = count * Units.POWERS[Units.PLACES - places];
        if (sum.isNarrow()) {
            Units.appendFixed(out, Units.rounded(sum.narrow(), divisor), places);
        } else {
            Units.appendFixed(out, Units.rounded(sum.value(), BigInteger.valueOf(divisor)), places);
        }
    }

    /** (m·Σclose − n·Σvwap) / (n·Σvwap) in percent, or null (4.4). */
    private void deviation() {
        if (sums.vwaps == 0 || sums.vwap.isZero()) {
            out.append("null");
            return;
        }
        if (sums.close.isNarrow() && sums.vwap.isNarrow()) {
            try {
                long by = Math.multiplyExact(sums.vwap.narrow(), (long) sums.count);
                long above = Math.subtractExact(Math.multiplyExact(sums.close.narrow(), (long) sums.vwaps), by);
                long scaled = Math.multiplyExact(above, PERCENT_4);
                Units.appendFixed(out, by < 0 ? Units.rounded(Math.negateExact(scaled), Math.negateExact(by)) : Units.rounded(scaled, by), RATIO_PLACES);
                return;
            } catch (ArithmeticException tooWide) {
                // computed below
            }
        }
        BigInteger by = sums.vwap.value().multiply(BigInteger.valueOf(sums.count));
        BigInteger above = sums.close.value().multiply(BigInteger.valueOf(sums.vwaps)).subtract(by);
        Units.appendFixed(out, Units.rounded(above.multiply(BigInteger.valueOf(PERCENT_4)), by), RATIO_PLACES);
    }

    /** Where the exact average stands between the least and the largest close (4.5). */
    private String signal() {
        BigInteger range = BigInteger.valueOf(sums.max - sums.min).multiply(BigInteger.valueOf(sums.count));
        BigInteger above;
        if (sums.close.isNarrow() && range.bitLength() < 59) {  // ten times as much fits, too
            long narrow = sums.close.narrow() - sums.count * sums.min;
            long whole = range.longValue();
            return narrow * 10 > whole * 6 ? "BULLISH" : narrow * 10 < whole * 4 ? "BEARISH" : "NEUTRAL";
        }
        above = sums.close.value().subtract(BigInteger.valueOf(sums.min).multiply(BigInteger.valueOf(sums.count))).multiply(TEN);
        return above.compareTo(range.multiply(BigInteger.valueOf(6))) > 0 ? "BULLISH"
                : above.compareTo(range.multiply(BigInteger.valueOf(4))) < 0 ? "BEARISH" : "NEUTRAL";
    }
}
