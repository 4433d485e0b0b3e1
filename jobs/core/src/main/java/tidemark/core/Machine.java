// The contract for one partition: records in, effects out. Judges a record, moves the watermark, closes windows, counts the bar (contract 3.4).
//
//     for each record   machine.take(record, record.length, 0, effects)
//     after a batch     machine.flush(effects)      updates of the windows that the batch changed
//     at the end        machine.end(effects)        closes what is open (3.14)
package tidemark.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

public final class Machine {
    /** Of the symbols that have had a final and hold no open window, so many are remembered (contract 3.2). */
    static final int MOST_IDLE = 262_144;

    private static final long HOUR = 3_600 * EventTime.SECOND;

    final Spec spec;
    boolean tellsUpdates;
    long watermark = EventTime.NONE;
    long heartbeat = EventTime.NONE;   // the largest so far
    long limitAhead;                   // seconds; 0: none
    long forgottenEnd = EventTime.NONE;  // stands for the last final of symbols that are not in the table
    final Map<String, SymbolBars> symbols = new HashMap<>();
    final Account account = new Account();

    private final TreeMap<Long, List<SymbolBars>> due = new TreeMap<>();  // by the first end of an open window; may hold stale entries
    private long nextDue = SymbolBars.NO_END;
    private int idle;
    private final List<SymbolBars> changed = new ArrayList<>();
    private final Judge judge = new Judge();
    private final TrendLine line = new TrendLine();

    /** `tellsUpdates`: flush() writes updates. */
    public Machine(Spec spec, boolean tellsUpdates) {
        this.spec = spec;
        this.tellsUpdates = tellsUpdates;
    }

    public Spec spec() {
        return spec;
    }

    /** For a machine that was read back: whether flush() writes updates from here on. */
    public void tellUpdates(boolean tells) {
        tellsUpdates = tells;
    }

    public Account account() {
        return account;
    }

    /** Whether flush() has updates to write. */
    public boolean hasChanges() {
        return !changed.isEmpty();
    }

    /**
     * Takes a record of the log, which may be blank.
     *
     * @param allBytes    the full length of a record of which `record` is only the beginning
     * @param appendedAt  nanoseconds since 1970, for the limit of 3.11
     */
    public void take(byte[] record, int allBytes, long appendedAt, Effects effects) {
        if (isBlank(record)) {
            return;
        }
        Reject reject = judge.judge(record, allBytes);
        Bar bar = judge.bar;
        if (reject == null && bar == null) {
            heartbeat(judge.heartbeat, effects);
            return;
        }
        if (reject == null) {
            reject = tooFarAhead(bar.time, appendedAt);
        }
        if (reject != null) {
            account.rejected++;
            effects.rejected(reject);
            return;
        }
        observe(bar.time, effects);
        Verdict verdict = admit(bar);
        account.count(verdict);
        effects.judged(bar, verdict);
    }

    private static boolean isBlank(byte[] record) {
        for (byte c : record) {
            if (c != ' ' && c != '\t' && c != '\r') {
                return false;
            }
        }
        return true;
    }

    private Reject tooFarAhead(long time, long appendedAt) {
        if (heartbeat != EventTime.NONE && time > heartbeat + HOUR) {
            return new Reject("ahead_of_heartbeat", "timestamp");
        }
        boolean isAhead = limitAhead > 0 && time - appendedAt > limitAhead * EventTime.SECOND;
        return isAhead ? new Reject("ahead_of_feed", "timestamp") : null;
    }

    public void heartbeat(long time, Effects effects) {
        observe(time, effects);
        heartbeat = Math.max(heartbeat, time);
    }

    /** The control record of 3.11: 0 for no limit. */
    public void limitAhead(long seconds) {
        limitAhead = seconds;
    }

    /** The end of a bounded input (3.14). */
    public void end(Effects effects) {
        long last = EventTime.NONE;
        for (SymbolBars symbol : symbols.values()) {
            if (symbol.due != SymbolBars.NO_END) {
                last = Math.max(last, spec.lastEnd(symbol.bars[symbol.count - 1].time));
            }
        }
        if (last != EventTime.NONE) {
            watermark = Math.max(watermark, last);
            close(effects);
        }
    }

    /** The control record that lowers the watermark (3.2). */
    public void lowerWatermark(long time) {
        if (watermark != EventTime.NONE) {
            watermark = Math.min(watermark, time);
        }
        if (heartbeat != EventTime.NONE) {
            heartbeat = Math.min(heartbeat, time + spec.delay());
        }
        schedule();
        for (SymbolBars symbol : symbols.values()) {
            long closed = closed(symbol);
            for (int i = 0; i < symbol.count; i++) {
                change(symbol, symbol.bars[i].time, closed);
            }
        }
    }

    /** Finds the next end of every symbol anew: after the watermark was lowered, or the state was read. */
    void schedule() {
        due.clear();
        nextDue = SymbolBars.NO_END;
        idle = 0;
        for (SymbolBars symbol : symbols.values()) {
            symbol.due = SymbolBars.NO_END;
            register(symbol, symbol.nextEnd(spec, closed(symbol)));
            idle += symbol.due == SymbolBars.NO_END ? 1 : 0;
        }
    }

    private long closed(SymbolBars symbol) {
        return Math.max(watermark, symbol.lastFinal);
    }

    private void register(SymbolBars symbol, long end) {
        if (end < symbol.due) {
            symbol.due = end;
            due.computeIfAbsent(end, any -> new ArrayList<>()).add(symbol);
            nextDue = Math.min(nextDue, end);
        }
    }

    private void observe(long time, Effects effects) {
        if (watermark == EventTime.NONE || time - spec.delay() > watermark) {
            watermark = time - spec.delay();
            if (nextDue <= watermark) {
                close(effects);
            }
        }
    }

    /** Closes the windows that the watermark has passed, by end, then by symbol (3.13). */
    private void close(Effects effects) {
        while (!due.isEmpty() && due.firstKey() <= watermark) {
            Map.Entry<Long, List<SymbolBars>> first = due.pollFirstEntry();
            long end = first.getKey();
            List<SymbolBars> closing = first.getValue();
            closing.removeIf(symbol -> symbol.due != end);
            closing.sort(Comparator.comparing(symbol -> symbol.symbol));
            for (SymbolBars symbol : closing) {
                if (symbol.due != end) {
                    continue;  // it stood there twice
                }
                effects.trend(symbol.symbol, line.write(spec, symbol, end, true));
                symbol.lastFinal = Math.max(symbol.lastFinal, end);
                symbol.forget(spec, end);
                symbol.due = SymbolBars.NO_END;
                register(symbol, symbol.nextEnd(spec, end));
                idle += symbol.due == SymbolBars.NO_END ? 1 : 0;
            }
        }
        nextDue = due.isEmpty() ? SymbolBars.NO_END : due.firstKey();
        if (idle > MOST_IDLE) {
            forgetIdle();
        }
    }

    private void forgetIdle() {
        symbols.values().removeIf(symbol -> {
            boolean isIdle = symbol.due == SymbolBars.NO_END;
            if (isIdle) {
                forgottenEnd = Math.max(forgottenEnd, symbol.lastFinal);
            }
            return isIdle;
        });
        idle = 0;
    }

    private Verdict admit(Bar bar) {
        SymbolBars symbol = symbols.get(bar.symbol);
        long closed = Math.max(watermark, symbol == null ? forgottenEnd : symbol.lastFinal);
        if (spec.lastEnd(bar.time) <= closed) {
            return Verdict.LATE;
        }
        if (symbol == null) {
            symbol = new SymbolBars(bar.symbol, forgottenEnd);
            symbols.put(bar.symbol, symbol);
            idle++;
        }
        int place = symbol.place(bar.time);
        Verdict verdict = Verdict.ACCEPTED;
        if (place < symbol.count && symbol.bars[place].time == bar.time) {
            if (symbol.bars[place].says(bar)) {
                return Verdict.DUPLICATE;
            }
            symbol.bars[place] = bar;
            symbol.records[place]++;
            verdict = Verdict.CORRECTED;
        } else {
            symbol.insert(place, bar, 1);
        }
        if (symbol.due == SymbolBars.NO_END) {
            idle--;
        }
        register(symbol, SymbolBars.firstOpenEnd(spec, bar.time, closed));
        change(symbol, bar.time, closed);
        return verdict;
    }

    private void change(SymbolBars symbol, long time, long closed) {
        if (!tellsUpdates || spec.lastEnd(time) <= closed) {
            return;
        }
        if (symbol.changed.length == 0) {
            changed.add(symbol);
        }
        for (long end = SymbolBars.firstOpenEnd(spec, time, closed); end <= spec.lastEnd(time); end += spec.slide()) {
            symbol.change(end);
        }
    }

    /** The symbols with changes that no flush() has told yet, for the state. */
    void rememberChanged(SymbolBars symbol) {
        changed.add(symbol);
    }

    /** Forgets what changed, because another program has told it. */
    public void dropChanges() {
        for (SymbolBars symbol : changed) {
            symbol.changed = new long[0];
        }
        changed.clear();
    }

    /** Updates of the windows that changed since the last flush and are still open, by end, then by symbol (4.7). */
    public void flush(Effects effects) {
        TreeMap<Long, List<SymbolBars>> open = new TreeMap<>();
        for (SymbolBars symbol : changed) {
            for (long end : symbol.changed) {
                if (end > closed(symbol)) {
                    open.computeIfAbsent(end, any -> new ArrayList<>()).add(symbol);
                }
            }
            symbol.changed = new long[0];
        }
        changed.clear();
        for (Map.Entry<Long, List<SymbolBars>> entry : open.entrySet()) {
            entry.getValue().sort(Comparator.comparing(symbol -> symbol.symbol));
            for (SymbolBars symbol : entry.getValue()) {
                effects.trend(symbol.symbol, line.write(spec, symbol, entry.getKey(), false));
            }
        }
    }
}
