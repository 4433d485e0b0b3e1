// The stream of the Python package jobs/spark: messages of alpaca_trends in, rows for Spark's Kafka sink out. Called over py4j.
package tidemark.spark;

import java.io.Serializable;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.GroupStateTimeout;
import org.apache.spark.sql.streaming.OutputMode;
import tidemark.core.Spec;

public final class TrendStream {
    private TrendStream() {}

    /** `messages`: of Spark's Kafka source with `includeHeaders`. */
    public static Dataset<Row> results(Dataset<Row> messages, Settings settings) {
        return messages.select(AnalyzeGroup.columns())
                .groupByKey(new ByPartition(), Encoders.INT())
                .flatMapGroupsWithState(new AnalyzeGroup(settings), OutputMode.Append(), Encoders.BINARY(), Encoders.row(AnalyzeGroup.ROW),
                        GroupStateTimeout.NoTimeout());
    }

    /** `prefix` is before the names of all topics; `tellsUpdates`: rows of open windows are written at the end of each micro-batch. */
    public record Settings(Spec spec, boolean tellsUpdates, String prefix, String application) implements Serializable {}

    /** Durations as 90s, 5m. Throws an IllegalArgumentException with a sentence if they are no windows. */
    public static Settings settings(String size, String slide, String delay, boolean tellsUpdates, String prefix, String application) {
        Spec spec = new Spec(Spec.duration(size), Spec.duration(slide), Spec.duration(delay));
        return new Settings(spec, tellsUpdates, prefix, application);
    }

    private static final class ByPartition implements MapFunction<Row, Integer> {
        private static final long serialVersionUID = 1;

        @Override
        public Integer call(Row message) {
            return message.getInt(AnalyzeGroup.PARTITION);
        }
    }
}
