// Whole units of 1e-9 from the text of a JSON number (contract 2.1), rounding, and the text of a decimal. No double occurs.
package tidemark.core;

import java.math.BigInteger;

public final class Units {
    /** In place of a long: the value stands in a BigInteger beside it, or there is none. */
    public static final long NONE = Long.MIN_VALUE;

    static final int PLACES = 9;
    static final long ONE = 1_000_000_000L;
    static final long[] POWERS = new long[19];
    static final BigInteger BEYOND_ALL_RANGES = BigInteger.TEN.pow(80);

    private static final int MOST_DIGITS = 18;   // that surely fit in a long
    private static final int MOST_POWER = 60;    // a number of 1e60 or more is out of every range
    private static final int MOST_EXPONENT = 1_000_000;  // more than a record's length, so larger ones change nothing

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private Units() {}

    /** The units of the number text[begin, end) where they surely fit in a long, else NONE. */
    static long quick(byte[] text, int begin, int end) {
        int at = text[begin] == '-' ? begin + 1 : begin;
        int point = -1;
        long digits = 0;
        int count = 0;
        for (; at < end; at++) {
            int c = text[at];
            if (c == '.') {
                point = count;
            } else if (c >= '0' && c <= '9') {
                digits = digits * 10 + (c - '0');
                if (++count > MOST_DIGITS) {
                    return NONE;
                }
            } else {
                return NONE;  // an exponent
            }
        }
        int fraction = point < 0 ? 0 : count - point;
        if (fraction > PLACES || count - fraction + PLACES > MOST_DIGITS) {
            return NONE;
        }
        long units = digits * POWERS[PLACES - fraction];
        return text[begin] == '-' ? -units : units;
    }

    /** The units of any JSON number text[begin, end), rounded half away from zero. */
    static BigInteger exact(byte[] text, int begin, int end) {
        boolean isNegative = text[begin] == '-';
        StringBuilder digits = new StringBuilder();
        int at = isNegative ? begin + 1 : begin;
        int fraction = 0;
        boolean isBehindPoint = false;
        for (; at < end && text[at] != 'e' && text[at] != 'E'; at++) {
            if (text[at] == '.') {
                isBehindPoint = true;
                continue;
            }
            fraction += isBehindPoint ? 1 : 0;
            if (text[at] != '0' || digits.length() > 0) {
                digits.append((char) text[at]);
            }
        }
        if (digits.length() == 0) {
            return BigInteger.ZERO;
        }
        int kept = digits.length() - fraction + exponent(text, at, end) + PLACES;  // digits before the end of the ninth place
        if (kept > MOST_POWER + PLACES) {
            return isNegative ? BEYOND_ALL_RANGES.negate() : BEYOND_ALL_RANGES;
        }
        if (kept < 0) {
            return BigInteger.ZERO;
        }
        boolean roundsAway = kept < digits.length() && digits.charAt(kept) >= '5';
        while (digits.length() < kept) {
            digits.append('0');
        }
        BigInteger units = kept == 0 ? BigInteger.ZERO : new BigInteger(digits.substring(0, kept));
        if (roundsAway) {
            units = units.add(BigInteger.ONE);
        }
        return isNegative ? units.negate() : units;
    }

    private static int exponent(byte[] text, int at, int end) {
        if (at == end) {
            return 0;
        }
        at++;
        boolean isNegative = text[at] == '-';
        if (isNegative || text[at] == '+') {
            at++;
        }
        int exponent = 0;
        for (; at < end; at++) {
            exponent = Math.min(MOST_EXPONENT, exponent * 10 + (text[at] - '0'));
        }
        return isNegative ? -exponent : exponent;
    }

    /** numerator / denominator, half away from zero; the denominator is positive. */
    static long rounded(long numerator, long denominator) {
        long quotient = numerator / denominator;
        long rest = Math.abs(numerator % denominator);
        if (rest < denominator - rest) {
            return quotient;
        }
        return numerator < 0 ? quotient - 1 : quotient + 1;
    }

    /** The same for any size; the denominator may be negative, too. */
    static BigInteger rounded(BigInteger numerator, BigInteger denominator) {
        BigInteger magnitude = numerator.abs().shiftLeft(1).add(denominator.abs()).divide(denominator.abs().shiftLeft(1));
        return numerator.signum() * denominator.signum() < 0 ? magnitude.negate() : magnitude;
    }

    /** The digits of a number of units behind its point, without trailing zeros. */
    static int decimals(long units) {
        long fraction = units % ONE;
        if (fraction == 0) {
            return 0;
        }
        int decimals = PLACES;
        for (; fraction % 10 == 0; fraction /= 10) {
            decimals--;
        }
        return decimals;
    }

    static boolean fits(BigInteger value) {
        return value.bitLength() < 63;  // not all of 64 bits, so that NONE stays free
    }

    /** Writes a count of 10^-places: always all places, no point without any (contract 4.2). */
    static void appendFixed(StringBuilder out, long count, int places) {
        if (count < 0) {
            out.append('-');
            count = -count;
        }
        if (places == 0) {
            out.append(count);
            return;
        }
        out.append(count / POWERS[places]).append('.');
        appendPadded(out, count % POWERS[places], places);
    }

    static void appendFixed(StringBuilder out, BigInteger count, int places) {
        if (fits(count)) {
            appendFixed(out, count.longValue(), places);
            return;
        }
        BigInteger[] parts = count.abs().divideAndRemainder(BigInteger.valueOf(POWERS[places]));
        if (count.signum() < 0) {
            out.append('-');
        }
        out.append(parts[0]);
        if (places > 0) {
            out.append('.');
            appendPadded(out, parts[1].longValue(), places);
        }
    }

    static void appendPadded(StringBuilder out, long number, int digits) {
        for (int i = digits - 1; i >= 0; i--) {
            out.append((char) ('0' + number / POWERS[i] % 10));
        }
    }

    /** Writes units as the shortest exact decimal (contract 2.9). */
    static void appendShortest(StringBuilder out, long units) {
        int places = decimals(units);
        appendFixed(out, units / POWERS[PLACES - places], places);
    }

    static void appendShortest(StringBuilder out, BigInteger units) {
        int places = decimals(units.remainder(BigInteger.valueOf(ONE)).longValue());
        appendFixed(out, units.divide(BigInteger.valueOf(POWERS[PLACES - places])), places);
    }
}
