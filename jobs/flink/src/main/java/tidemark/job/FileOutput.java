// Results of files as files: a folder for each kind, with lines in their order.
package tidemark.job;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.SimpleVersionedStringSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.DefaultRollingPolicy;
import tidemark.topics.OutputRecord;

final class FileOutput {
    static final long CHECKPOINT_MILLISECONDS = 60_000;

    private static final Duration NEVER = Duration.ofDays(3_650);
    private static final String[] FOLDERS = {"trends", "bars", "late", "rejects"};  // by topic

    private FileOutput() {}

    /** One file in each folder, because a file ends with the job only. */
    static FileSink<OutputRecord> sink(String folder) {
        return FileSink.forRowFormat(new Path(folder), new LineEncoder())
                .withBucketAssigner(new ByTopic())
                .withRollingPolicy(DefaultRollingPolicy.builder().withRolloverInterval(NEVER).withInactivityInterval(NEVER)
                        .withMaxPartSize(MemorySize.ofMebiBytes(1L << 30)).build())
                .build();
    }

    private static final class LineEncoder implements Encoder<OutputRecord> {
        private static final long serialVersionUID = 1;

        @Override
        public void encode(OutputRecord record, OutputStream stream) throws IOException {
            stream.write(record.value);
            stream.write('\n');
        }
    }

    private static final class ByTopic implements BucketAssigner<OutputRecord, String> {
        private static final long serialVersionUID = 1;

        @Override
        public String getBucketId(OutputRecord record, Context context) {
            return FOLDERS[record.topic];
        }

        @Override
        public SimpleVersionedSerializer<String> getSerializer() {
            return SimpleVersionedStringSerializer.INSTANCE;
        }
    }
}
