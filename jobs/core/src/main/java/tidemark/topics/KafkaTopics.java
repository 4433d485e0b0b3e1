// The topics in Kafka that a job reads and writes.
package tidemark.topics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

public final class KafkaTopics {
    private KafkaTopics() {}

    /**
     * The number of partitions, which all topics share.
     *
     * @throws IllegalStateException with a sentence and the cure, where a topic is missing or has another number
     */
    public static int partitions(Admin admin, String prefix) throws ExecutionException, InterruptedException {
        List<String> names = new ArrayList<>(List.of(prefix + LogRecord.BARS));
        for (String topic : OutputRecord.TOPICS) {
            names.add(prefix + topic);
        }
        Map<String, TopicDescription> found;
        try {
            found = admin.describeTopics(names).allTopicNames().get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new IllegalStateException("the brokers lack one of the topics " + names + ": start `tidemark store` or another process of"
                        + " Tidemark over Kafka first, which makes them", failed);
            }
            throw failed;
        }
        int partitions = found.get(names.get(0)).partitions().size();
        for (String name : names) {
            int others = found.get(name).partitions().size();
            if (others != partitions) {
                throw new IllegalStateException(name + " has " + others + " partitions, " + names.get(0) + " has " + partitions
                        + ": all topics need the same number");
            }
        }
        return partitions;
    }
}
