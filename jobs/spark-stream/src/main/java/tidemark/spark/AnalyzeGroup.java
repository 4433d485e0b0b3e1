// What a micro-batch does to one partition: the machine comes from Spark's state, takes the messages in the order of their offsets, and goes back.
//
// A batch that is done again begins with the same state and the same offsets, so it gives the same rows.
package tidemark.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapGroupsWithStateFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.GroupState;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import tidemark.core.Machine;
import tidemark.core.MachineState;
import tidemark.topics.LogRecord;
import tidemark.topics.Outcome;
import tidemark.topics.OutputRecord;

final class AnalyzeGroup implements FlatMapGroupsWithStateFunction<Integer, Row, byte[], Row> {
    private static final long serialVersionUID = 1;

    /** Places of the columns of a message. */
    static final int PARTITION = 0;
    private static final int OFFSET = 1;
    private static final int APPENDED = 2;
    private static final int KEY = 3;
    private static final int VALUE = 4;
    private static final int HEADERS = 5;

    /** What Spark's Kafka sink wants. */
    static final StructType ROW = new StructType()
            .add("topic", DataTypes.StringType, false)
            .add("partition", DataTypes.IntegerType, false)
            .add("key", DataTypes.BinaryType, true)
            .add("value", DataTypes.BinaryType, false)
            .add("headers", DataTypes.createArrayType(new StructType()
                    .add("key", DataTypes.StringType, false)
                    .add("value", DataTypes.BinaryType, true)), true);

    private static final Row ENGINE = RowFactory.create("engine", OutputRecord.bytes("spark, at-least-once"));

    private final TrendStream.Settings settings;

    AnalyzeGroup(TrendStream.Settings settings) {
        this.settings = settings;
    }

    static Column[] columns() {
        String[] names = {"partition", "offset", "timestamp", "key", "value", "headers"};
        Column[] columns = new Column[names.length];
        for (int i = 0; i < names.length; i++) {
            columns[i] = functions.col(names[i]);
        }
        return columns;
    }

    @Override
    public Iterator<Row> call(Integer partition, Iterator<Row> messages, GroupState<byte[]> state) throws IOException {
        List<Row> inOrder = new ArrayList<>();
        messages.forEachRemaining(inOrder::add);
        inOrder.sort(Comparator.comparingLong(message -> message.getLong(OFFSET)));
        Place place = state.exists() ? read(state.get()) : new Place(0, new Machine(settings.spec(), settings.tellsUpdates()));
        if (inOrder.get(0).getLong(OFFSET) < place.next) {
            throw new IllegalStateException("partition " + partition + " gives offset " + inOrder.get(0).getLong(OFFSET) + ", the checkpoint is at "
                    + place.next + ": the topic was made anew; start with another --checkpoint");
        }
        List<Row> results = new ArrayList<>();
        Outcome outcome = new Outcome(true);
        for (Row message : inOrder) {
            LogRecord record = record(message);
            if (record != null) {
                outcome.begin(record, result -> results.add(row(result)));
                record.apply(place.machine, outcome);
            }
        }
        place.machine.flush(outcome);
        state.update(write(inOrder.get(inOrder.size() - 1).getLong(OFFSET) + 1, place.machine));
        return results.iterator();
    }

    private static LogRecord record(Row message) {
        List<Row> headers = message.isNullAt(HEADERS) ? List.of() : message.getList(HEADERS);
        Timestamp appended = message.getTimestamp(APPENDED);
        return LogRecord.of(message.getInt(PARTITION), message.getLong(OFFSET), appended == null ? -1 : appended.getTime(), message.getAs(KEY),
                message.getAs(VALUE), name -> last(headers, name));
    }

    private static byte[] last(List<Row> headers, String name) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (headers.get(i).getString(0).equals(name)) {
                return headers.get(i).getAs(1);
            }
        }
        return null;
    }

    private Row row(OutputRecord result) {
        List<Row> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : result.headers(settings.prefix(), settings.application()).entrySet()) {
            headers.add(RowFactory.create(header.getKey(), OutputRecord.bytes(header.getValue())));
        }
        headers.add(ENGINE);
        return RowFactory.create(settings.prefix() + OutputRecord.TOPICS[result.topic], result.partition, result.key, result.value,
                headers.toArray(new Row[0]));
    }

    /** A partition's state: its machine, and the offset behind the last message it took. */
    private record Place(long next, Machine machine) {}

    private Place read(byte[] state) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(state));
        long next = in.readLong();
        Machine machine = MachineState.read(in);
        if (!machine.spec().equals(settings.spec())) {
            throw new IllegalStateException("the checkpoint's windows are " + machine.spec() + ", the command line says " + settings.spec()
                    + " (in nanoseconds): start with the same --size, --slide and --delay, or with another --checkpoint");
        }
        machine.tellUpdates(settings.tellsUpdates());
        return new Place(next, machine);
    }

    private static byte[] write(long next, Machine machine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(next);
        MachineState.write(machine, out);
        return bytes.toByteArray();
    }
}
