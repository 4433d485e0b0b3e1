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
import tidemark.core.Bar;
import tidemark.core.Effects;
import tidemark.core.Lines;
import tidemark.core.Machine;
import tidemark.core.Reject;
import tidemark.core.Spec;
import tidemark.core.Verdict;

final class AnalyzeFunction extends KeyedProcessFunction<Integer, LogRecord, OutputRecord> {
    private static final long serialVersionUID = 1;
    /** Position of a record in all partitions: partition · 10^15 + offset. */
    private static final long POSITIONS_OF_A_PARTITION = 1_000_000_000_000_000L;
    private static final String REJECTED = "rejected";

    private final Spec spec;
    private final long updatesEvery;  // milliseconds; 0: after each record; negative: no updates
    private final boolean writesBars;
    private final Map<Integer, Long> writtenTo;

    private transient ValueState<Machine> state;
    private transient Outcome outcome;
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
        outcome = new Outcome();
        counters = new HashMap<>();
        MetricGroup group = getRuntimeContext().getMetricGroup().addGroup("tidemark");
        for (Verdict verdict : Verdict.values()) {
            counters.put(verdict.word, group.counter(verdict.word));
        }
        counters.put(REJECTED, group.counter(REJECTED));
        total = new AccountTotal();
        getRuntimeContext().addAccumulator("account", total);
    }

    @Override
    public void processElement(LogRecord record, Context context, Collector<OutputRecord> out) throws Exception {
        Machine machine = machine();
        boolean isWritten = record.offset < writtenTo.getOrDefault(record.partition, 0L);
        outcome.begin(record, isWritten ? null : out);
        apply(record, machine);
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

    private void apply(LogRecord record, Machine machine) {
        switch (record.kind) {
            case LogRecord.DATA -> machine.take(record.value, record.allBytes, record.appendedAt * 1_000_000, outcome);
            case LogRecord.HEARTBEAT -> machine.heartbeat(record.number, outcome);
            case LogRecord.END -> {
                machine.end(outcome);
                total.add(machine.account().line());
            }
            case LogRecord.LIMIT -> machine.limitAhead(record.number);
            case LogRecord.LOWER_WATERMARK -> machine.lowerWatermark(record.number);
            default -> throw new IllegalStateException("a record of kind " + record.kind);
        }
    }

    @Override
    public void onTimer(long at, OnTimerContext context, Collector<OutputRecord> out) throws Exception {
        Machine machine = state.value();
        LogRecord moment = new LogRecord();
        moment.partition = context.getCurrentKey();
        moment.appendedAt = at;
        outcome.begin(moment, out);
        machine.flush(outcome);
        state.update(machine);
    }

    /** Makes output records of a machine's effects. */
    private final class Outcome implements Effects {
        private LogRecord record;
        private Collector<OutputRecord> out;  // or null: nothing is written

        void begin(LogRecord of, Collector<OutputRecord> to) {
            record = of;
            out = to;
        }

        @Override
        public void judged(Bar bar, Verdict verdict) {
            counters.get(verdict.word).inc();
            if (out == null || verdict == Verdict.DUPLICATE) {
                return;
            }
            byte[] key = OutputRecord.bytes(bar.symbol);
            if (writesBars) {
                long position = record.partition * POSITIONS_OF_A_PARTITION + record.offset;
                byte[] line = OutputRecord.bytes(Lines.judgedBar(bar, verdict, position));
                out.collect(new OutputRecord(OutputRecord.JUDGED_BAR, record, key, line));
            }
            if (verdict == Verdict.LATE) {
                out.collect(new OutputRecord(OutputRecord.LATE_BAR, record, key, record.value));
            }
        }

        @Override
        public void rejected(Reject reject) {
            counters.get(REJECTED).inc();
            if (out == null) {
                return;
            }
            long position = record.partition * POSITIONS_OF_A_PARTITION + record.offset;
            byte[] line = OutputRecord.bytes(Lines.deadLetter(reject, record.source, position, record.value, record.allBytes));
            OutputRecord letter = new OutputRecord(OutputRecord.DEAD_LETTER, record, record.key, line);
            letter.problem = reject.field().isEmpty() ? reject.reason() : reject.reason() + ": " + reject.field();
            out.collect(letter);
        }

        @Override
        public void trend(String symbol, String line) {
            if (out != null) {
                out.collect(new OutputRecord(OutputRecord.TREND, record, OutputRecord.bytes(symbol), OutputRecord.bytes(line)));
            }
        }
    }
}
