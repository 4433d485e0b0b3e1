// The same windows as a Kafka Streams program from topic to topic, exactly once: doubles, no duplicates, no revision.
//
//     java Windows BOOTSTRAP IN OUT FOLDER [THREADS] [rocksdb|memory]
//
// Bars are keyed by symbol. The row of a window is written if a commit finds it changed. Implemented from
// contract/semantics.md §3 and §4.

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;

public final class Windows {
    static final Duration SIZE = Duration.ofMinutes(5), SLIDE = Duration.ofMinutes(1), DELAY = Duration.ofMinutes(2);

    public static void main(String[] words) {
        String threads = words.length > 4 ? words[4] : "2";
        boolean inMemory = words.length > 5 && words[5].equals("memory");

        Properties settings = new Properties();
        settings.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG, "kafka-streams-windows",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, words[0],
                StreamsConfig.STATE_DIR_CONFIG, words[3],
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2,
                StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads,
                StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "67108864",
                StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest",
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), "5000"));

        KafkaStreams streams = new KafkaStreams(topology(words[1], words[2], inMemory).build(), settings);
        streams.setUncaughtExceptionHandler(failure -> {
            failure.printStackTrace();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(10))));
        streams.start();
    }

    static StreamsBuilder topology(String source, String sink, boolean inMemory) {
        Duration kept = SIZE.plus(DELAY);
        WindowBytesStoreSupplier store = inMemory
                ? Stores.inMemoryWindowStore("windows", kept, SIZE, false)
                : Stores.persistentWindowStore("windows", kept, SIZE, false);
        Serde<Bar> bars = serde(bar -> { throw new UnsupportedOperationException(); }, Bar::of);
        Serde<Sums> sums = serde(one -> one.write(ByteBuffer.allocate(Sums.BYTES)).array(), bytes -> Sums.read(ByteBuffer.wrap(bytes)));
        StreamsBuilder building = new StreamsBuilder();
        building.stream(source, Consumed.with(Serdes.String(), bars).withTimestampExtractor((record, before) -> ((Bar) record.value()).time))
                .groupByKey(Grouped.with(Serdes.String(), bars))
                .windowedBy(TimeWindows.ofSizeAndGrace(SIZE, DELAY).advanceBy(SLIDE))
                .aggregate(Sums::new, (symbol, bar, window) -> window.add(bar), Materialized.<String, Sums>as(store).withKeySerde(Serdes.String()).withValueSerde(sums))
                .toStream()
                .map((at, window) -> KeyValue.pair(at.key(), window.trend(at.key(), at.window().start(), at.window().start() + SIZE.toMillis())))
                .to(sink, Produced.with(Serdes.String(), Serdes.String()));
        return building;
    }

    interface Writing<T> {
        byte[] bytes(T value);
    }

    interface Reading<T> {
        T value(byte[] bytes);
    }

    static <T> Serde<T> serde(Writing<T> writing, Reading<T> reading) {
        Serializer<T> serializer = (topic, value) -> value == null ? null : writing.bytes(value);
        Deserializer<T> deserializer = (topic, bytes) -> bytes == null ? null : reading.value(bytes);
        return Serdes.serdeFrom(serializer, deserializer);
    }
}
