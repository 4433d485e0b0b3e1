// An exact sum: a long while it fits, then a BigInteger.
package tidemark.core;

import java.math.BigInteger;

final class Sum {
    private long low;
    private BigInteger high;  // what has left `low`, or null

    void clear() {
        low = 0;
        high = null;
    }

    void add(long value) {
        long sum = low + value;
        if (((low ^ sum) & (value ^ sum)) < 0) {  // overflow
            add(BigInteger.valueOf(value));
        } else {
            low = sum;
        }
    }

    void add(BigInteger value) {
        high = high == null ? value : high.add(value);
    }

    boolean isNarrow() {
        return high == null;
    }

    boolean isZero() {
        return high == null ? low == 0 : value().signum() == 0;
    }

    long narrow() {
        return low;
    }

    BigInteger value() {
        return high == null ? BigInteger.valueOf(low) : high.add(BigInteger.valueOf(low));
    }
}
