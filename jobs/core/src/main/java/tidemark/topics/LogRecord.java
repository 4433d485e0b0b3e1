// A record of alpaca_trends with its place: data, or a control record (docs/kafka.md). A Flink POJO.
package tidemark.topics;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import tidemark.core.Effects;
import tidemark.core.Machine;

public class LogRecord {
    /** The topic without a prefix; dead letters call it their source. */
    public static final String BARS = "alpaca_trends";
    public static final byte DATA = 0;
    public static final byte HEARTBEAT = 1;
    public static final byte END = 2;
    public static final byte LIMIT = 3;
    public static final byte LOWER_WATERMARK = 4;

    private static final long FIRST_TIME = 0;                          // 1970
    private static final long TIMES_END = 9_214_646_400_000_000_000L;  // 2262, behind the last year of the contract

    public int partition;
    public long offset;
    public long appendedAt;   // milliseconds since 1970
    public byte kind;
    public long number;       // nanoseconds since 1970 of a heartbeat or a lowered watermark; seconds of a limit; else 0
    public int allBytes;      // the full length of a record of which `value` is only the beginning, or 0
    public String source;     // the name for dead letters
    public byte[] key;        // or null
    public byte[] value;      // of data

    public LogRecord() {}

    /**
     * A message of Kafka.
     *
     * @param appended  the message's timestamp in milliseconds; negative if it has none
     * @param value     or null, of a control record
     * @param headers   the value of the last header of a name, or null
     * @return null for a null value without a header that is known: such a message means nothing
     */
    public static LogRecord of(int partition, long offset, long appended, byte[] key, byte[] value, Function<String, byte[]> headers) {
        LogRecord record = new LogRecord();
        record.partition = partition;
        record.offset = offset;
        record.appendedAt = Math.max(appended, 0);
        record.source = BARS;
        record.key = key;
        record.value = value;
        if (value != null) {
            record.allBytes = (int) Math.min(Integer.MAX_VALUE, number(headers, "tidemark-bytes", 0));
            return record;
        }
        record.value = new byte[0];
        return record.isControl(headers) ? record : null;
    }

    private boolean isControl(Function<String, byte[]> headers) {
        if (headers.apply("tidemark-heartbeat") != null) {
            kind = HEARTBEAT;
            number = number(headers, "tidemark-heartbeat", 0);
            return true;
        }
        if (headers.apply("tidemark-end") != null) {
            kind = END;
            return true;
        }
        long seconds = number(headers, "tidemark-max-ahead", -1);
        if (seconds >= 0) {
            kind = LIMIT;
            number = seconds;
            return true;
        }
        kind = LOWER_WATERMARK;
        number = number(headers, "tidemark-lower-watermark", -1);
        return number >= FIRST_TIME && number < TIMES_END;
    }

    private static long number(Function<String, byte[]> headers, String name, long otherwise) {
        byte[] value = headers.apply(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(new String(value, StandardCharsets.US_ASCII));
        } catch (NumberFormatException none) {
            return otherwise;
        }
    }

    /** Moves the machine of the record's partition. */
    public void apply(Machine machine, Effects effects) {
        switch (kind) {
            case DATA -> machine.take(value, allBytes, appendedAt * 1_000_000, effects);
            case HEARTBEAT -> machine.heartbeat(number, effects);
            case END -> machine.end(effects);
            case LIMIT -> machine.limitAhead(number);
            case LOWER_WATERMARK -> machine.lowerWatermark(number);
            default -> throw new IllegalStateException("a record of kind " + kind);
        }
    }
}
