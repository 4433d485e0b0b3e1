// The sums of a window, as stored in the state store, and the trend computed from them (contract/semantics.md §4).

import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

final class Sums {
    static final int BYTES = 11 * 8;

    private long bars, withVwap, up;
    private double max = Double.NEGATIVE_INFINITY, min = Double.POSITIVE_INFINITY, close, volume, vwap, pctChange;
    private double mean, squares; // Welford's: the sum of squared distances from the mean

    Sums add(Bar bar) {
        bars++;
        if (bar.up) up++;
        max = Math.max(max, bar.close);
        min = Math.min(min, bar.close);
        close += bar.close;
        volume += bar.volume;
        pctChange += bar.pctChange;
        if (!Double.isNaN(bar.vwap)) {
            withVwap++;
            vwap += bar.vwap;
        }
        double before = bar.close - mean;
        mean += before / bars;
        squares += before * (bar.close - mean);
        return this;
    }

    ByteBuffer write(ByteBuffer to) {
        to.putLong(bars).putLong(withVwap).putLong(up);
        return to.putDouble(max).putDouble(min).putDouble(close).putDouble(volume).putDouble(vwap).putDouble(pctChange).putDouble(mean).putDouble(squares);
    }

    static Sums read(ByteBuffer from) {
        Sums sums = new Sums();
        sums.bars = from.getLong();
        sums.withVwap = from.getLong();
        sums.up = from.getLong();
        sums.max = from.getDouble();
        sums.min = from.getDouble();
        sums.close = from.getDouble();
        sums.volume = from.getDouble();
        sums.vwap = from.getDouble();
        sums.pctChange = from.getDouble();
        sums.mean = from.getDouble();
        sums.squares = from.getDouble();
        return sums;
    }

    // Ten-thousandths, as written: the market's closes are in cents, so prices have 4 places. Derived values come from
    // unrounded ones.
    private static long round4(double value) {
        return value < 0 ? -Math.round(-value * 1e4) : Math.round(value * 1e4);
    }

    String trend(String symbol, long start, long end) {
        double average = close / bars, averageVwap = vwap / withVwap;
        double aboveLow = 10 * (close - bars * min), range = bars * (max - min), border = 1e-7; // closer than any two sums of cents
        String signal = aboveLow > 6 * range + border ? "BULLISH" : aboveLow < 4 * range - border ? "BEARISH" : "NEUTRAL";
        StringBuilder json = new StringBuilder(420);
        json.append("{\"symbol\":\"").append(symbol).append("\",\"window_start\":\"");
        time(json, start).append("\",\"window_end\":\"");
        time(json, end).append("\",\"avg_close\":");
        decimal(json, round4(average)).append(",\"max_close\":");
        decimal(json, round4(max)).append(",\"min_close\":");
        decimal(json, round4(min)).append(",\"avg_volume\":").append(Math.round(volume / bars)).append(",\"volatility\":");
        if (bars == 1) json.append("null");
        else decimal(json, round4(Math.sqrt(squares / (bars - 1))));
        json.append(",\"avg_vwap\":");
        if (withVwap == 0) json.append("null");
        else decimal(json, round4(averageVwap));
        json.append(",\"avg_pct_change\":");
        decimal(json, round4(pctChange / bars)).append(",\"buy_pressure\":");
        decimal(json, round4((double) up / bars)).append(",\"bar_count\":").append(bars).append(",\"price_range\":");
        decimal(json, round4(max - min)).append(",\"vwap_deviation_pct\":");
        if (withVwap == 0 || averageVwap == 0) json.append("null");
        else decimal(json, round4((average - averageVwap) / averageVwap * 100));
        return json.append(",\"trend_signal\":\"").append(signal).append("\",\"status\":\"update\"}").toString();
    }

    private static StringBuilder decimal(StringBuilder json, long tenThousandths) {
        if (tenThousandths < 0) json.append('-');
        long value = Math.abs(tenThousandths), fraction = value % 10_000;
        json.append(value / 10_000).append('.');
        for (long digit = 1000; digit > 0; digit /= 10) json.append((char) ('0' + fraction / digit % 10));
        return json;
    }

    private static StringBuilder time(StringBuilder json, long milliseconds) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(milliseconds / 1000, 0, ZoneOffset.UTC);
        json.append(time.getYear());
        two(two(json.append('-'), time.getMonthValue()).append('-'), time.getDayOfMonth()).append(' ');
        return two(two(two(json, time.getHour()).append(':'), time.getMinute()).append(':'), time.getSecond());
    }

    private static StringBuilder two(StringBuilder json, int number) {
        return json.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
