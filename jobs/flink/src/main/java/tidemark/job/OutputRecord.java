// A record for one of the result topics. A Flink POJO.
package tidemark.job;

import java.nio.charset.StandardCharsets;

public class OutputRecord {
    public static final byte TREND = 0;
    public static final byte JUDGED_BAR = 1;
    public static final byte LATE_BAR = 2;
    public static final byte DEAD_LETTER = 3;
    public static final String[] TOPICS = {"alpaca_trend_results", "tidemark_bars", "alpaca_late_bars", "alpaca_dead_letters"};

    public byte topic;
    public int partition;
    public long offset;       // of the record behind it
    public long appendedAt;   // of the record behind it, milliseconds since 1970
    public byte[] key;        // or null
    public byte[] value;
    public String problem;    // of a dead letter: its reason and field

    public OutputRecord() {}

    OutputRecord(byte topic, LogRecord record, byte[] key, byte[] value) {
        this.topic = topic;
        this.partition = record.partition;
        this.offset = record.offset;
        this.appendedAt = record.appendedAt;
        this.key = key;
        this.value = value;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
