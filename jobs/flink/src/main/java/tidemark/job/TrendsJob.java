// The job: records of a topic or of files, one machine for each partition, results to topics or files.
//
//     kafka    alpaca_trends ─▶ machine of the partition ─▶ alpaca_trend_results, tidemark_bars, alpaca_late_bars, alpaca_dead_letters
//     lines    files ─▶ one machine ─▶ OUTPUT/trends, late, rejects
package tidemark.job;

import java.util.Map;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import tidemark.topics.LogRecord;
import tidemark.topics.OutputRecord;

public final class TrendsJob {
    private TrendsJob() {}

    public static void main(String[] words) throws Exception {
        Options options;
        try {
            options = new Options(words);
            options.spec();
            options.updatesEvery();
            options.milliseconds("commit-interval", "1s");
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setRuntimeMode(RuntimeExecutionMode.STREAMING);
        environment.getConfig().enableObjectReuse();
        if (options.mode.equals("kafka")) {
            kafka(environment, options);
            environment.execute("tidemark " + options.text("application", "tidemark"));
            return;
        }
        lines(environment, options);
        JobExecutionResult result = environment.execute("tidemark lines");
        String account = result.getAccumulatorResult("account");
        if (account != null && !account.isEmpty()) {
            System.err.println(account);
        }
    }

    static void kafka(StreamExecutionEnvironment environment, Options options) throws Exception {
        environment.enableCheckpointing(options.milliseconds("commit-interval", "1s"));
        environment.getCheckpointConfig().setExternalizedCheckpointRetention(ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        KafkaCluster cluster = new KafkaCluster(options);
        Map<Integer, Long> writtenTo = cluster.check();
        DataStream<LogRecord> records = environment.fromSource(cluster.source(writtenTo), WatermarkStrategy.noWatermarks(), LogRecord.BARS).uid("bars");
        analyzed(records, options, true, writtenTo).sinkTo(cluster.sink()).name("results").uid("results");
    }

    static void lines(StreamExecutionEnvironment environment, Options options) {
        environment.setParallelism(1);
        environment.enableCheckpointing(FileOutput.CHECKPOINT_MILLISECONDS);  // the last checkpoint publishes the files
        DataStream<LogRecord> records = environment.fromData(Types.OBJECT_ARRAY(Types.STRING), options.files.toArray(new String[0]))
                .flatMap(new ReadFiles(options.has("keep-open"))).returns(TypeInformation.of(LogRecord.class));
        analyzed(records, options, false, Map.of()).sinkTo(FileOutput.sink(options.text("output", "")));
    }

    private static DataStream<OutputRecord> analyzed(DataStream<LogRecord> records, Options options, boolean writesBars, Map<Integer, Long> writtenTo) {
        return records.keyBy(record -> record.partition, Types.INT)
                .process(new AnalyzeFunction(options.spec(), options.updatesEvery(), writesBars, writtenTo), TypeInformation.of(OutputRecord.class))
                .name("analyze").uid("analyze");
    }
}
