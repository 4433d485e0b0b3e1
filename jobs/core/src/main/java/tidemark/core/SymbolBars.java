// The bars of one symbol that an open window may hold, by time, and the largest end of a window that gave a final.
package tidemark.core;

import java.util.Arrays;

final class SymbolBars {
    static final long NO_END = Long.MAX_VALUE;

    final String symbol;
    Bar[] bars = new Bar[8];
    long[] records = new long[8];  // how many records each bar has had: it and its corrections (contract 4.6)
    int count;
    long lastFinal;                // end of the last window that gave a final, or Long.MIN_VALUE
    long due = NO_END;             // the first end of an open window that holds a bar, under which the machine finds this symbol
    long[] changed = new long[0];  // ends of windows that the batch has changed

    SymbolBars(String symbol, long lastFinal) {
        this.symbol = symbol;
        this.lastFinal = lastFinal;
    }

    /** The first place whose bar is not before this time. */
    int place(long time) {
        int place = count;
        while (place > 0 && bars[place - 1].time >= time) {
            place--;
        }
        return place;
    }

    void insert(int place, Bar bar, long had) {
        if (count == bars.length) {
            bars = Arrays.copyOf(bars, count * 2);
            records = Arrays.copyOf(records, count * 2);
        }
        System.arraycopy(bars, place, bars, place + 1, count - place);
        System.arraycopy(records, place, records, place + 1, count - place);
        bars[place] = bar;
        records[place] = had;
        count++;
    }

    /** Forgets the bars whose last window ends at `end` or before. */
    void forget(Spec spec, long end) {
        int gone = 0;
        while (gone < count && spec.lastEnd(bars[gone].time) <= end) {
            gone++;
        }
        if (gone == 0) {
            return;
        }
        System.arraycopy(bars, gone, bars, 0, count - gone);
        System.arraycopy(records, gone, records, 0, count - gone);
        Arrays.fill(bars, count - gone, count, null);
        count -= gone;
    }

    /** The first end above `closed` of a window that holds a bar, or NO_END. */
    long nextEnd(Spec spec, long closed) {
        for (int i = 0; i < count; i++) {
            if (spec.lastEnd(bars[i].time) > closed) {
                return firstOpenEnd(spec, bars[i].time, closed);
            }
        }
        return NO_END;
    }

    /** The first end above `closed` of a window that holds this time, whose last window ends above it. */
    static long firstOpenEnd(Spec spec, long time, long closed) {
        long first = spec.firstEnd(time);
        return closed < first ? first : Math.floorDiv(closed, spec.slide()) * spec.slide() + spec.slide();
    }

    void change(long end) {
        for (long known : changed) {
            if (known == end) {
                return;
            }
        }
        changed = Arrays.copyOf(changed, changed.length + 1);
        changed[changed.length - 1] = end;
    }
}
