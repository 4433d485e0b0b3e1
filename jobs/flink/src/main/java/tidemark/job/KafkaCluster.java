// The brokers: checks the topics, and makes source and sink.
package tidemark.job;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import tidemark.topics.KafkaTopics;
import tidemark.topics.LogRecord;
import tidemark.topics.OutputRecord;

final class KafkaCluster {
    private static final String TRANSACTION_TIMEOUT = "transaction.timeout.ms";
    private static final String DEFAULT_TRANSACTION_TIMEOUT = "600000";  // below the brokers' default limit of 15 minutes

    private static final List<String> OWN = List.of("transactional.id", "enable.idempotence", "isolation.level", "enable.auto.commit",
            "auto.offset.reset", "group.id", "bootstrap.servers");

    private final Options options;
    private final String brokers;
    private final String prefix;
    private final String application;
    private final Properties properties = new Properties();

    KafkaCluster(Options options) throws IOException {
        this.options = options;
        brokers = options.text("brokers", "");
        prefix = options.text("topic-prefix", "");
        application = options.text("application", "tidemark");
        if (options.has("kafka-config")) {
            try (FileInputStream file = new FileInputStream(options.text("kafka-config", ""))) {
                properties.load(file);
            }
            for (String name : OWN) {
                if (properties.containsKey(name)) {
                    throw new IllegalArgumentException("--kafka-config sets " + name + ", which exactly-once depends on or an option sets: remove it");
                }
            }
        }
    }

    private String group() {
        return application + "-analyze";
    }

    /**
     * The offsets that the group has committed, by partition: before them the results are written.
     *
     * @throws IllegalStateException with a sentence and the cure if the job could not keep its promise
     */
    Map<Integer, Long> check() throws ExecutionException, InterruptedException {
        Properties own = new Properties();
        own.putAll(properties);
        own.put("bootstrap.servers", brokers);
        try (Admin admin = Admin.create(own)) {
            int partitions = KafkaTopics.partitions(admin, prefix);
            checkReaders(admin);
            return writtenTo(admin, partitions);
        }
    }

    /** `tidemark analyze` is a member of the group; this job is none. */
    private void checkReaders(Admin admin) throws ExecutionException, InterruptedException {
        int members;
        try {
            members = admin.describeConsumerGroups(List.of(group())).all().get().get(group()).members().size();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof GroupIdNotFoundException) {
                return;
            }
            throw failed;
        }
        if (members > 0) {
            throw new IllegalStateException("the group " + group() + " has " + members + " members: stop `tidemark analyze` first, or use another"
                    + " --application and --topic-prefix");
        }
    }

    private Map<Integer, Long> writtenTo(Admin admin, int partitions) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            asked.put(new TopicPartition(prefix + LogRecord.BARS, partition), OffsetSpec.earliest());
        }
        Map<TopicPartition, ListOffsetsResultInfo> first = admin.listOffsets(asked).all().get();
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group()).partitionsToOffsetAndMetadata().get();
        Map<Integer, Long> offsets = new HashMap<>();
        for (TopicPartition place : asked.keySet()) {
            OffsetAndMetadata done = committed.get(place);
            if (done == null) {
                continue;
            }
            long begin = first.get(place).offset();
            if (begin > done.offset()) {
                throw new IllegalStateException("retention has removed unread records of " + place + ": the group " + group() + " is at "
                        + done.offset() + ", the topic begins at " + begin + "; bars are missing. To go on without them, use another --application");
            }
            offsets.put(place.partition(), done.offset());
        }
        return offsets;
    }

    /** Begins at the earliest record without a savepoint: the windows that are open are made of records whose results are written. */
    KafkaSource<LogRecord> source(Map<Integer, Long> writtenTo) {
        KafkaSourceBuilder<LogRecord> source = KafkaSource.<LogRecord>builder()
                .setProperties(properties)
                .setBootstrapServers(brokers)
                .setTopics(prefix + LogRecord.BARS)
                .setGroupId(group())
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setProperty("isolation.level", "read_committed")
                .setProperty("partition.discovery.interval.ms", "-1")  // the topics keep their partitions
                .setDeserializer(new KafkaRecords.Reading());
        return (options.has("once") ? source.setBounded(OffsetsInitializer.latest()) : source).build();
    }

    KafkaSink<OutputRecord> sink() {
        return KafkaSink.<OutputRecord>builder()
                .setKafkaProducerConfig(properties)
                .setBootstrapServers(brokers)
                .setProperty(TRANSACTION_TIMEOUT, properties.getProperty(TRANSACTION_TIMEOUT, DEFAULT_TRANSACTION_TIMEOUT))
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(application + "-flink")
                .setRecordSerializer(new KafkaRecords.Writing(prefix, application))
                .build();
    }
}
