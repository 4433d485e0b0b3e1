// The lines of the contract's other topics: written bars, judged bars, dead letters (contract 2.8, 2.9).
package tidemark.core;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

public final class Lines {
    private Lines() {}

    /** A row of tidemark_bars. `position`: of its record. */
    public static String judgedBar(Bar bar, Verdict verdict, long position) {
        StringBuilder out = new StringBuilder(320);
        appendOpenBar(out, bar);
        return out.append(",\"verdict\":\"").append(verdict.word).append("\",\"position\":").append(position).append('}').toString();
    }

    static String writtenBar(Bar bar) {
        StringBuilder out = new StringBuilder(280);
        appendOpenBar(out, bar);
        return out.append('}').toString();
    }

    private static void appendOpenBar(StringBuilder out, Bar bar) {
        out.append("{\"symbol\":");
        JsonText.append(out, bar.symbol);
        out.append(",\"timestamp\":\"");
        EventTime.appendTimestamp(out, bar.time);
        out.append('"');
        number(out, ",\"open\":", bar.open);
        number(out, ",\"high\":", bar.high);
        number(out, ",\"low\":", bar.low);
        number(out, ",\"close\":", bar.close);
        wide(out, ",\"volume\":", bar.volume, bar, Bar.VOLUME);
        number(out, ",\"vwap\":", bar.vwap);
        wide(out, ",\"price_change\":", bar.priceChange, bar, Bar.PRICE_CHANGE);
        wide(out, ",\"pct_change\":", bar.pctChange, bar, Bar.PCT_CHANGE);
        out.append(",\"direction\":\"").append(Bar.DIRECTIONS[bar.direction]).append("\",\"trade_count\":");
        if (bar.tradeCount < 0) {
            out.append("null");
        } else {
            out.append(bar.tradeCount);
        }
        out.append(",\"feed\":");
        JsonText.appendOrNull(out, bar.feed);
    }

    private static void number(StringBuilder out, String key, long units) {
        out.append(key);
        if (units == Units.NONE) {
            out.append("null");
        } else {
            Units.appendShortest(out, units);
        }
    }

    private static void wide(StringBuilder out, String key, long narrow, Bar bar, int place) {
        if (narrow != Units.NONE) {
            number(out, key, narrow);
            return;
        }
        BigInteger units = bar.wide[place];
        out.append(key);
        Units.appendShortest(out, units);
    }

    /** `source` and `position` say where the record was; `allBytes` is its full length. */
    public static String deadLetter(Reject reject, String source, long position, byte[] record, int allBytes) {
        byte[] carried = record.length > Judge.MAX_RECORD_BYTES ? Arrays.copyOf(record, Judge.MAX_RECORD_BYTES) : record;
        StringBuilder out = new StringBuilder(carried.length + 120);
        out.append("{\"reason\":");
        JsonText.append(out, reject.reason());
        out.append(",\"field\":");
        JsonText.append(out, reject.field());
        out.append(",\"source\":");
        JsonText.append(out, source);
        out.append(",\"position\":").append(position).append(",\"record\":");
        if (JsonText.isUtf8(carried, carried.length)) {
            JsonText.append(out, new String(carried, StandardCharsets.UTF_8));
        } else {
            out.append("null,\"record_base64\":\"").append(Base64.getEncoder().encodeToString(carried)).append('"');
        }
        if (reject.reason().equals("too_long")) {
            out.append(",\"record_bytes\":").append(Math.max(record.length, allBytes));
        }
        return out.append('}').toString();
    }
}
