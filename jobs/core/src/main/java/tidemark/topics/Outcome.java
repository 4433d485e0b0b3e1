// Makes records of the result topics of what a machine does.
package tidemark.topics;

import java.util.function.Consumer;
import tidemark.core.Bar;
import tidemark.core.Effects;
import tidemark.core.Lines;
import tidemark.core.Reject;
import tidemark.core.Verdict;

public class Outcome implements Effects {
    /** Position of a record in all partitions: partition · 10^15 + offset. */
    private static final long POSITIONS_OF_A_PARTITION = 1_000_000_000_000_000L;

    protected static final String REJECTED = "rejected";

    private final boolean writesBars;
    private LogRecord record;
    private Consumer<OutputRecord> out;  // or null: nothing is written

    /** `writesBars`: judged bars are results, too. */
    public Outcome(boolean writesBars) {
        this.writesBars = writesBars;
    }

    /** What follows comes of this record, and goes to `to`; null: nowhere. */
    public void begin(LogRecord of, Consumer<OutputRecord> to) {
        record = of;
        out = to;
    }

    /** For metrics: a verdict's word or REJECTED. */
    protected void count(String word) {}

    @Override
    public void judged(Bar bar, Verdict verdict) {
        count(verdict.word);
        if (out == null || verdict == Verdict.DUPLICATE) {
            return;
        }
        byte[] key = OutputRecord.bytes(bar.symbol);
        if (writesBars) {
            byte[] line = OutputRecord.bytes(Lines.judgedBar(bar, verdict, position()));
            out.accept(new OutputRecord(OutputRecord.JUDGED_BAR, record, key, line));
        }
        if (verdict == Verdict.LATE) {
            out.accept(new OutputRecord(OutputRecord.LATE_BAR, record, key, record.value));
        }
    }

    @Override
    public void rejected(Reject reject) {
        count(REJECTED);
        if (out == null) {
            return;
        }
        byte[] line = OutputRecord.bytes(Lines.deadLetter(reject, record.source, position(), record.value, record.allBytes));
        OutputRecord letter = new OutputRecord(OutputRecord.DEAD_LETTER, record, record.key, line);
        letter.problem = reject.field().isEmpty() ? reject.reason() : reject.reason() + ": " + reject.field();
        out.accept(letter);
    }

    @Override
    public void trend(String symbol, String line) {
        if (out != null) {
            out.accept(new OutputRecord(OutputRecord.TREND, record, OutputRecord.bytes(symbol), OutputRecord.bytes(line)));
        }
    }

    private long position() {
        return record.partition * POSITIONS_OF_A_PARTITION + record.offset;
    }
}
