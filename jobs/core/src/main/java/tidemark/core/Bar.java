// A bar as decoded and derived (contract 2). Numbers are units of 1e-9.
package tidemark.core;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;

public final class Bar {
    static final byte DOWN = 0;
    static final byte FLAT = 1;
    static final byte UP = 2;
    static final String[] DIRECTIONS = {"down", "flat", "up"};

    // The places in `wide`.
    static final int VOLUME = 0;
    static final int PRICE_CHANGE = 1;
    static final int PCT_CHANGE = 2;

    public String symbol;
    public long time;  // nanoseconds since 1970
    long open;
    long high;
    long low;
    long close;
    long volume;       // Units.NONE: in `wide`, as the two changes
    long priceChange;
    long pctChange;
    long vwap;         // Units.NONE: null
    long tradeCount;   // -1: null
    byte direction;
    String feed;       // or null
    BigInteger[] wide; // volume and changes that do not fit in a long; null where all fit

    /** One of the three numbers that may be wide. */
    BigInteger number(int which) {
        long narrow = which == VOLUME ? volume : which == PRICE_CHANGE ? priceChange : pctChange;
        return narrow == Units.NONE ? wide[which] : BigInteger.valueOf(narrow);
    }

    /** Whether all fields are equal: a duplicate (contract 3.6). Both are of one symbol. */
    boolean says(Bar other) {
        return time == other.time && open == other.open && high == other.high && low == other.low && close == other.close
                && volume == other.volume && vwap == other.vwap && priceChange == other.priceChange && pctChange == other.pctChange
                && direction == other.direction && tradeCount == other.tradeCount && Objects.equals(feed, other.feed)
                && Arrays.equals(wide, other.wide);
    }
}
