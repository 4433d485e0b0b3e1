// Checks the topics before the stream starts: Spark's sink would find out late, or write into a partition that means another symbol's.
package tidemark.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import tidemark.topics.LogRecord;
import tidemark.topics.OutputRecord;

public final class ResultTopics {
    private ResultTopics() {}

    /**
     * The number of partitions, which all topics share.
     *
     * @param told  properties of Kafka's clients
     * @throws IllegalStateException with a sentence and the cure
     */
    public static int partitions(String brokers, String prefix, Map<String, String> told) throws ExecutionException, InterruptedException {
        List<String> names = new ArrayList<>(List.of(prefix + LogRecord.BARS));
        for (String topic : OutputRecord.TOPICS) {
            names.add(prefix + topic);
        }
        Properties properties = new Properties();
        properties.putAll(told);
        properties.put("bootstrap.servers", brokers);
        try (Admin admin = Admin.create(properties)) {
            Map<String, TopicDescription> found = admin.describeTopics(names).allTopicNames().get();
            int partitions = found.get(names.get(0)).partitions().size();
            for (String name : names) {
                int others = found.get(name).partitions().size();
                if (others != partitions) {
                    throw new IllegalStateException(name + " has " + others + " partitions, " + names.get(0) + " has " + partitions
                            + ": all topics need the same number");
                }
            }
            return partitions;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new IllegalStateException("the brokers lack one of the topics " + names + ": start `tidemark store` or another process of"
                        + " Tidemark over Kafka first, which makes them", failed);
            }
            throw failed;
        }
    }
}
