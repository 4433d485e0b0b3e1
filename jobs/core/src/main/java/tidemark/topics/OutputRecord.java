// A record for one of the result topics. A Flink POJO.
package tidemark.topics;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

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

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The headers in their order: those of Kafka Connect for a dead letter (docs/kafka.md), none otherwise. */
    public Map<String, String> headers(String prefix, String application) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (topic == DEAD_LETTER) {
            headers.put("__connect.errors.topic", prefix + LogRecord.BARS);
            headers.put("__connect.errors.partition", Integer.toString(partition));
            headers.put("__connect.errors.offset", Long.toString(offset));
            headers.put("__connect.errors.connector.name", application);
            headers.put("__connect.errors.stage", "VALUE_CONVERTER");
            headers.put("__connect.errors.exception.message", problem);
        }
        return headers;
    }
}
