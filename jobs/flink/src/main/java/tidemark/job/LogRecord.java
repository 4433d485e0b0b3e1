// A record of alpaca_trends: data, or a control record, with its place. A Flink POJO.
package tidemark.job;

public class LogRecord {
    public static final byte DATA = 0;
    public static final byte HEARTBEAT = 1;
    public static final byte END = 2;
    public static final byte LIMIT = 3;
    public static final byte LOWER_WATERMARK = 4;

    public int partition;
    public long offset;
    public long appendedAt;   // milliseconds since 1970
    public byte kind;
    public long number;       // nanoseconds since 1970 of a heartbeat or a lowered watermark; seconds of a limit; else 0
    public int allBytes;      // the full length of a record of which `value` is only the beginning, or 0
    public String source;     // the name for dead letters
    public byte[] key;        // or null
    public byte[] value;      // of data
}
