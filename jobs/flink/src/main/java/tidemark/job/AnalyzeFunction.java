// Runs the machine of each partition: keyed by the partition's number, so Flink's checkpoints hold its state and the source's position together.
//
// A record's order within its partition is all that the contract knows of time: Flink's own watermarks, which join partitions, are not used.
package tidemark.job;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import tidemark.core.Machine;
import tidemark.core.Spec;
import tidemark.core.Verdict;
import tidemark.topics.LogRecord;
import tidemark.topics.Outcome;
import tidemark.topics.OutputRecord;

final class AnalyzeFunction extends KeyedProcessFunction<Integer, LogRecord, OutputRecord> {
    private static final long serialVersionUID = 1;

    private final Spec spec;
    private final long updatesEvery;  // milliseconds; 0: after each record; negative: no updates
    private final boolean writesBars;
    private final Map<Integer, Long> writtenTo;

    private transient ValueState<Machine> state;
    private transient Counted outcome;
    private transient Map<String, Counter> counters;
    private transient AccountTotal total;

    /**
     * @param writtenTo  by partition, the offset before which another program has written the results: those records move the machine and
     *                   write nothing
     */
    AnalyzeFunction(Spec spec, long updatesEvery, boolean writesBars, Map<Integer, Long> writtenTo) {
        this.spec = spec;
        this.updatesEvery = updatesEvery;
        this.writesBars = writesBars;
        this.writtenTo = new HashMap<>(writtenTo);
    }

    @Override
    public void open(OpenContext context) {
        state = getRuntimeContext().getState(new ValueStateDescriptor<>("machine", new MachineSerializer()));
        outcome = new Counted();
        counters = new HashMap<>();
        MetricGroup group = getRuntimeContext().getMetricGroup().addGroup("tidemark");
        for (Verdict verdict : Verdict.values()) {
            counters.put(verdict.word, group.counter(verdict.word));
        }
        outcome.countRejects(group);
        total = new AccountTotal();
        getRuntimeContext().addAccumulator("account", total);
    }

    @Override
    public void processElement(LogRecord record, Context context, Collector<OutputRecord> out) throws Exception {
        Machine machine = machine();
        boolean isWritten = record.offset < writtenTo.getOrDefault(record.partition, 0L);
        outcome.begin(record, isWritten ? null : out::collect);
        record.apply(machine, outcome);
        if (record.kind == LogRecord.END) {
            total.add(machine.account().line());
        }
        if (isWritten) {
            machine.dropChanges();
        } else if (updatesEvery == 0) {
            machine.flush(outcome);
        } else if (machine.hasChanges()) {
            long now = context.timerService().currentProcessingTime();
            context.timerService().registerProcessingTimeTimer((now / updatesEvery + 1) * updatesEvery);
        }
        state.update(machine);
    }

    private Machine machine() throws IOException {
        Machine machine = state.value();
        if (machine == null) {
            return new Machine(spec, updatesEvery >= 0);
        }
        if (!machine.spec().equals(spec)) {
            throw new IllegalStateException("the savepoint's windows are " + machine.spec() + ", the command line says " + spec
                    + " (in nanoseconds): start with the same --size, --slide and --delay, or without the savepoint under another --application");
        }
        machine.tellUpdates(updatesEvery >= 0);
        return machine;
    }

    @Override
    public void onTimer(long at, OnTimerContext context, Collector<OutputRecord> out) throws Exception {
        Machine machine = state.value();
        LogRecord moment = new LogRecord();
        moment.partition = context.getCurrentKey();
        moment.appendedAt = at;
        outcome.begin(moment, out::collect);
        machine.flush(outcome);
        state.update(machine);
    }

    /** Counts, besides. */
    private final class Counted extends Outcome {
        Counted() {
            super(writesBars);
        }

        @Override
        protected void count(String word) {
            counters.get(word).inc();
        }

        private void countRejects(MetricGroup group) {
            counters.put(REJECTED, group.counter(REJECTED));
        }
    }
}
