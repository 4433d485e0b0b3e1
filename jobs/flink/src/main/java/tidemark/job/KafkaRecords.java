// Messages of Kafka to records of the log and results to messages, with Tidemark's headers (docs/kafka.md).
package tidemark.job;

import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

final class KafkaRecords {
    /** The topic of the bars without a prefix; dead letters call it their source. */
    static final String BARS = "alpaca_trends";

    private static final long FIRST_TIME = 0;                          // 1970
    private static final long TIMES_END = 9_214_646_400_000_000_000L;  // 2262, behind the last year of the contract

    private KafkaRecords() {}

    static final class Reading implements KafkaRecordDeserializationSchema<LogRecord> {
        private static final long serialVersionUID = 1;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<LogRecord> out) {
            LogRecord record = new LogRecord();
            record.partition = message.partition();
            record.offset = message.offset();
            record.appendedAt = Math.max(message.timestamp(), 0);
            record.source = BARS;
            record.key = message.key();
            record.value = message.value();
            if (record.value != null) {
                record.allBytes = (int) Math.min(Integer.MAX_VALUE, number(message.headers(), "tidemark-bytes", 0));
                out.collect(record);
            } else if (control(message.headers(), record)) {
                record.value = new byte[0];
                out.collect(record);
            }
        }

        /** False for a null value without a header that is known: it is skipped. */
        private static boolean control(Headers headers, LogRecord record) {
            if (headers.lastHeader("tidemark-heartbeat") != null) {
                record.kind = LogRecord.HEARTBEAT;
                record.number = number(headers, "tidemark-heartbeat", 0);
                return true;
            }
            if (headers.lastHeader("tidemark-end") != null) {
                record.kind = LogRecord.END;
                return true;
            }
            long seconds = number(headers, "tidemark-max-ahead", -1);
            if (seconds >= 0) {
                record.kind = LogRecord.LIMIT;
                record.number = seconds;
                return true;
            }
            record.kind = LogRecord.LOWER_WATERMARK;
            record.number = number(headers, "tidemark-lower-watermark", -1);
            return record.number >= FIRST_TIME && record.number < TIMES_END;
        }

        private static long number(Headers headers, String name, long otherwise) {
            Header header = headers.lastHeader(name);
            if (header == null || header.value() == null) {
                return otherwise;
            }
            try {
                return Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII));
            } catch (NumberFormatException none) {
                return otherwise;
            }
        }

        @Override
        public TypeInformation<LogRecord> getProducedType() {
            return TypeInformation.of(LogRecord.class);
        }
    }

    static final class Writing implements KafkaRecordSerializationSchema<OutputRecord> {
        private static final long serialVersionUID = 1;

        private final String prefix;
        private final String application;

        Writing(String prefix, String application) {
            this.prefix = prefix;
            this.application = application;
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(OutputRecord record, KafkaSinkContext context, Long timestamp) {
            ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(prefix + OutputRecord.TOPICS[record.topic], record.partition, record.appendedAt,
                    record.key, record.value);
            if (record.topic == OutputRecord.DEAD_LETTER) {
                add(message, "topic", prefix + BARS);
                add(message, "partition", Integer.toString(record.partition));
                add(message, "offset", Long.toString(record.offset));
                add(message, "connector.name", application);
                add(message, "stage", "VALUE_CONVERTER");
                add(message, "exception.message", record.problem);
            }
            return message;
        }

        private static void add(ProducerRecord<byte[], byte[]> message, String name, String value) {
            message.headers().add("__connect.errors." + name, OutputRecord.bytes(value));
        }
    }
}
