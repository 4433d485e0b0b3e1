// Turns a record into a bar or a heartbeat, or says why it is neither (contract 2.4 to 2.7, 1.10).
package tidemark.core;

import static tidemark.core.RecordReader.ABSENT;
import static tidemark.core.RecordReader.CLOSE;
import static tidemark.core.RecordReader.DIRECTION;
import static tidemark.core.RecordReader.FEED;
import static tidemark.core.RecordReader.HEARTBEAT;
import static tidemark.core.RecordReader.HIGH;
import static tidemark.core.RecordReader.LOW;
import static tidemark.core.RecordReader.NAMES;
import static tidemark.core.RecordReader.NULL;
import static tidemark.core.RecordReader.NUMBER;
import static tidemark.core.RecordReader.OPEN;
import static tidemark.core.RecordReader.PCT_CHANGE;
import static tidemark.core.RecordReader.PRICE_CHANGE;
import static tidemark.core.RecordReader.SOURCE;
import static tidemark.core.RecordReader.STRING;
import static tidemark.core.RecordReader.SYMBOL;
import static tidemark.core.RecordReader.TIMESTAMP;
import static tidemark.core.RecordReader.TRADE_COUNT;
import static tidemark.core.RecordReader.VOLUME;
import static tidemark.core.RecordReader.VWAP;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

public final class Judge {
    static final int MAX_RECORD_BYTES = 65_536;

    private static final int MAX_SYMBOL = 32;
    private static final long PRICE_LIMIT = Long.MAX_VALUE;  // exclusive
    private static final BigInteger VOLUME_LIMIT = BigInteger.TEN.pow(27);
    private static final BigInteger CHANGE_LIMIT = BigInteger.TEN.pow(36);
    private static final BigInteger ONE = BigInteger.valueOf(Units.ONE);
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);
    private static final long PLACE_4 = 100_000;         // units in the fourth decimal place
    private static final long PERCENT_4 = 1_000_000;     // a ratio in ten-thousandths of a percent
    private static final long MOST_TIMES_PERCENT = Long.MAX_VALUE / PERCENT_4;

    /** What judge() found: a bar, or the time of a heartbeat. */
    Bar bar;
    long heartbeat;

    private final RecordReader reader = new RecordReader();
    private String reason;
    private String field;

    /** null if the record is a bar or a heartbeat. `allBytes`: its full length, where `record` is only its beginning. */
    Reject judge(byte[] record, int allBytes) {
        bar = null;
        heartbeat = EventTime.NONE;
        if (Math.max(record.length, allBytes) > MAX_RECORD_BYTES) {
            return new Reject("too_long", "");
        }
        String broken = reader.read(record, record.length);
        if (broken != null) {
            return new Reject(broken, "");
        }
        boolean isGood = reader.kinds[HEARTBEAT] != ABSENT ? judgeHeartbeat() : judgeBar();
        if (isGood) {
            return null;
        }
        bar = null;
        return new Reject(reason, field);
    }

    private boolean reject(String why, int which) {
        reason = why;
        field = NAMES[which];
        return false;
    }

    private boolean required(int which, byte kind) {
        if (reader.kinds[which] == ABSENT) {
            return reject("missing", which);
        }
        return reader.kinds[which] == kind || reject("wrong_type", which);
    }

    private boolean optional(int which, byte kind) {
        byte found = reader.kinds[which];
        return found == ABSENT || found == NULL || found == kind || reject("wrong_type", which);
    }

    private boolean isThere(int which) {
        return reader.kinds[which] > NULL;
    }

    private boolean judgeHeartbeat() {
        if (!required(HEARTBEAT, STRING)) {
            return false;
        }
        long time = time(HEARTBEAT);
        if (time == EventTime.NONE) {
            return reject("bad_timestamp", HEARTBEAT);
        }
        heartbeat = time;
        return optional(SOURCE, STRING);
    }

    private boolean judgeBar() {
        bar = new Bar();
        return judgeSymbol() && judgeTime() && judgePrice(OPEN) && judgePrice(HIGH) && judgePrice(LOW) && judgePrice(CLOSE) && judgeVolume()
                && judgeVwap() && judgeChange(PRICE_CHANGE) && judgeChange(PCT_CHANGE) && judgeDirection() && judgeTradeCount() && judgeFeed()
                && judgeCross() && derive();
    }

    private boolean judgeSymbol() {
        if (!required(SYMBOL, STRING)) {
            return false;
        }
        String symbol = reader.string(SYMBOL);
        boolean isGood = !symbol.isEmpty() && symbol.length() <= MAX_SYMBOL && symbol.chars().allMatch(c -> c >= '!' && c <= '~');
        bar.symbol = symbol;
        return isGood || reject("bad_symbol", SYMBOL);
    }

    private boolean judgeTime() {
        if (!required(TIMESTAMP, STRING)) {
            return false;
        }
        bar.time = time(TIMESTAMP);
        return bar.time != EventTime.NONE || reject("bad_timestamp", TIMESTAMP);
    }

    private long time(int which) {
        if (!reader.areEscaped[which]) {
            return EventTime.parse(reader.text, reader.begins[which], reader.ends[which]);
        }
        byte[] text = reader.string(which).getBytes(StandardCharsets.UTF_8);
        return EventTime.parse(text, 0, text.length);
    }

    private long quick(int which) {
        return Units.quick(reader.text, reader.begins[which], reader.ends[which]);
    }

    private BigInteger exact(int which) {
        return Units.exact(reader.text, reader.begins[which], reader.ends[which]);
    }

    private boolean judgePrice(int which) {
        if (!required(which, NUMBER)) {
            return false;
        }
        long units = quick(which);
        if (units == Units.NONE) {
            BigInteger wide = exact(which);
            if (wide.signum() > 0 && wide.compareTo(MAX_LONG) >= 0) {
                return reject("out_of_range", which);
            }
            units = wide.signum() <= 0 ? 0 : wide.longValue();
        }
        if (units <= 0) {
            return reject("not_positive", which);
        }
        switch (which) {
            case OPEN -> bar.open = units;
            case HIGH -> bar.high = units;
            case LOW -> bar.low = units;
            default -> bar.close = units;
        }
        return true;
    }

    private boolean judgeVolume() {
        if (!required(VOLUME, NUMBER)) {
            return false;
        }
        bar.volume = quick(VOLUME);
        if (bar.volume == Units.NONE) {
            BigInteger wide = exact(VOLUME);
            if (wide.compareTo(VOLUME_LIMIT) >= 0) {
                return reject("out_of_range", VOLUME);
            }
            bar.volume = narrowed(wide, Bar.VOLUME);
            return wide.signum() >= 0 || reject("negative", VOLUME);
        }
        return bar.volume >= 0 || reject("negative", VOLUME);
    }

    /** The value as a long; or NONE, and it stands in `wide`. */
    private long narrowed(BigInteger value, int place) {
        if (Units.fits(value)) {
            return value.longValue();
        }
        if (bar.wide == null) {
            bar.wide = new BigInteger[3];
        }
        bar.wide[place] = value;
        return Units.NONE;
    }

    private boolean judgeVwap() {
        bar.vwap = Units.NONE;
        if (!optional(VWAP, NUMBER)) {
            return false;
        }
        if (!isThere(VWAP)) {
            return true;
        }
        long units = quick(VWAP);
        if (units == Units.NONE) {
            BigInteger wide = exact(VWAP);
            if (wide.abs().compareTo(BigInteger.valueOf(PRICE_LIMIT)) >= 0) {
                return reject("out_of_range", VWAP);
            }
            units = wide.longValue();
        }
        bar.vwap = units == 0 ? Units.NONE : units;  // 0 is no price
        return true;
    }

    private boolean judgeChange(int which) {
        int place = which == PRICE_CHANGE ? Bar.PRICE_CHANGE : Bar.PCT_CHANGE;
        if (!optional(which, NUMBER)) {
            return false;
        }
        if (!isThere(which)) {
            return true;
        }
        long units = quick(which);
        if (units == Units.NONE) {
            BigInteger wide = exact(which);
            if (wide.abs().compareTo(CHANGE_LIMIT) >= 0) {
                return reject("out_of_range", which);
            }
            units = narrowed(wide, place);
        }
        if (place == Bar.PRICE_CHANGE) {
            bar.priceChange = units;
        } else {
            bar.pctChange = units;
        }
        return true;
    }

    private boolean judgeDirection() {
        if (!optional(DIRECTION, STRING)) {
            return false;
        }
        if (!isThere(DIRECTION)) {
            return true;
        }
        String word = reader.string(DIRECTION);
        for (byte i = 0; i < Bar.DIRECTIONS.length; i++) {
            if (word.equals(Bar.DIRECTIONS[i])) {
                bar.direction = i;
                return true;
            }
        }
        return reject("bad_direction", DIRECTION);
    }

    private boolean judgeTradeCount() {
        bar.tradeCount = -1;
        if (!optional(TRADE_COUNT, NUMBER)) {
            return false;
        }
        if (!isThere(TRADE_COUNT)) {
            return true;
        }
        BigInteger[] parts = exact(TRADE_COUNT).divideAndRemainder(ONE);
        if (parts[1].signum() != 0) {
            return reject("not_integer", TRADE_COUNT);
        }
        if (parts[0].signum() < 0) {
            return reject("negative", TRADE_COUNT);
        }
        if (parts[0].compareTo(MAX_LONG) > 0) {
            return reject("out_of_range", TRADE_COUNT);
        }
        bar.tradeCount = parts[0].longValue();
        return true;
    }

    private boolean judgeFeed() {
        if (!optional(FEED, STRING)) {
            return false;
        }
        if (!isThere(FEED)) {
            return true;
        }
        bar.feed = reader.string(FEED);
        return !reader.areEscaped[FEED] || !hasLoneSurrogate(bar.feed) || reject("bad_feed", FEED);
    }

    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    private boolean judgeCross() {
        if (bar.high < bar.low) {
            return reject("high_below_low", HIGH);
        }
        if (bar.low > bar.open) {
            return reject("low_above_open", LOW);
        }
        if (bar.open > bar.high) {
            return reject("open_above_high", HIGH);
        }
        if (bar.low > bar.close) {
            return reject("low_above_close", LOW);
        }
        return bar.close <= bar.high || reject("close_above_high", HIGH);
    }

    /** What is absent is derived (2.7). */
    private boolean derive() {
        long change = bar.close - bar.open;
        if (!isThere(PRICE_CHANGE)) {
            bar.priceChange = narrowed(BigInteger.valueOf(Units.rounded(change, PLACE_4)).multiply(BigInteger.valueOf(PLACE_4)), Bar.PRICE_CHANGE);
        }
        if (!isThere(PCT_CHANGE)) {
            bar.pctChange = Math.abs(change) <= MOST_TIMES_PERCENT / PLACE_4
                    ? Units.rounded(change * PERCENT_4, bar.open) * PLACE_4
                    : narrowed(Units.rounded(BigInteger.valueOf(change).multiply(BigInteger.valueOf(PERCENT_4)), BigInteger.valueOf(bar.open))
                            .multiply(BigInteger.valueOf(PLACE_4)), Bar.PCT_CHANGE);
        }
        if (!isThere(DIRECTION)) {
            bar.direction = change > 0 ? Bar.UP : change < 0 ? Bar.DOWN : Bar.FLAT;
        }
        return true;
    }
}
