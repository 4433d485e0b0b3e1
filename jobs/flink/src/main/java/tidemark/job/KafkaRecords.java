// Messages of Kafka to records of the log and results to messages, with Tidemark's headers (docs/kafka.md).
package tidemark.job;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import tidemark.topics.LogRecord;
import tidemark.topics.OutputRecord;

final class KafkaRecords {
    private KafkaRecords() {}

    static final class Reading implements KafkaRecordDeserializationSchema<LogRecord> {
        private static final long serialVersionUID = 1;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<LogRecord> out) {
            LogRecord record = LogRecord.of(message.partition(), message.offset(), message.timestamp(), message.key(), message.value(), name -> {
                Header header = message.headers().lastHeader(name);
                return header == null ? null : header.value();
            });
            if (record != null) {
                out.collect(record);
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
            record.headers(prefix, application).forEach((name, value) -> message.headers().add(name, OutputRecord.bytes(value)));
            return message;
        }
    }
}
