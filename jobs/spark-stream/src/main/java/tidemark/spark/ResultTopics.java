// Checks the topics before the stream starts: Spark's sink would find out late, or write into a partition that means another symbol's.
package tidemark.spark;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import tidemark.topics.KafkaTopics;

public final class ResultTopics {
    private ResultTopics() {}

    /**
     * The number of partitions, which all topics share.
     *
     * @param told  properties of Kafka's clients
     * @throws IllegalStateException with a sentence and the cure
     */
    public static int partitions(String brokers, String prefix, Map<String, String> told) throws ExecutionException, InterruptedException {
        Properties properties = new Properties();
        properties.putAll(told);
        properties.put("bootstrap.servers", brokers);
        try (Admin admin = Admin.create(properties)) {
            return KafkaTopics.partitions(admin, prefix);
        }
    }
}
