// Reads files of JSON lines, one after the other, as the records of one partition.
package tidemark.job;

import java.io.IOException;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.Collector;
import tidemark.core.FileRecords;
import tidemark.topics.LogRecord;

final class ReadFiles implements FlatMapFunction<String[], LogRecord> {
    private static final long serialVersionUID = 1;

    private final boolean keepsOpen;

    /** `keepsOpen`: no end follows the last record (contract 3.14). */
    ReadFiles(boolean keepsOpen) {
        this.keepsOpen = keepsOpen;
    }

    @Override
    public void flatMap(String[] names, Collector<LogRecord> out) throws IOException {
        for (String name : names) {
            Path path = new Path(name);
            try (FSDataInputStream file = path.getFileSystem().open(path)) {
                FileRecords records = new FileRecords(file);
                long line = 0;
                for (byte[] value = records.next(); value != null; value = records.next()) {
                    LogRecord record = new LogRecord();
                    record.offset = ++line;
                    record.source = name;
                    record.value = value;
                    out.collect(record);
                }
            }
        }
        LogRecord end = new LogRecord();
        end.kind = keepsOpen ? LogRecord.LIMIT : LogRecord.END;
        end.offset = Long.MAX_VALUE;
        end.value = new byte[0];
        out.collect(end);
    }
}
