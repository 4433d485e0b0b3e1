// The sample standard deviation of a window's closes, rounded half away from zero from exact integers (contract 4.3).
//
// With y = the deviation in 10^-p, the answer is floor(y + 1/2) = (floor(2y) + 1) / 2, and floor(2y) is the integer square root of 4y².
package tidemark.core;

import java.math.BigInteger;

final class Volatility {
    private Volatility() {}

    /** A count of 10^-places, of two bars or more. */
    static long of(Sums sums, int places) {
        try {
            return narrow(sums, places);
        } catch (ArithmeticException tooWide) {
            return wide(sums, places);
        }
    }

    /** The closes as whole numbers of their last decimal place above the least of them: that changes no deviation, and the numbers are small. */
    private static long narrow(Sums sums, int places) {
        int decimals = sums.closeDecimals();
        long step = Units.POWERS[Units.PLACES - decimals];
        long sum = 0;
        long squares = 0;
        for (int i = sums.first; i < sums.first + sums.count; i++) {
            long above = (sums.bars.bars[i].close - sums.min) / step;
            sum = Math.addExact(sum, above);
            squares = Math.addExact(squares, Math.multiplyExact(above, above));
        }
        long n = sums.count;
        long spread = Math.subtractExact(Math.multiplyExact(n, squares), Math.multiplyExact(sum, sum));
        long scale = Units.POWERS[2 * (places - decimals)];
        return (root(Math.multiplyExact(Math.multiplyExact(4, spread), scale) / (n * (n - 1))) + 1) / 2;
    }

    static long wide(Sums sums, int places) {
        BigInteger sum = BigInteger.ZERO;
        BigInteger squares = BigInteger.ZERO;
        for (int i = sums.first; i < sums.first + sums.count; i++) {
            BigInteger close = BigInteger.valueOf(sums.bars.bars[i].close);
            sum = sum.add(close);
            squares = squares.add(close.multiply(close));
        }
        BigInteger n = BigInteger.valueOf(sums.count);
        BigInteger spread = n.multiply(squares).subtract(sum.multiply(sum));
        BigInteger divisor = n.multiply(n.subtract(BigInteger.ONE)).multiply(BigInteger.TEN.pow(2 * (Units.PLACES - places)));
        return spread.shiftLeft(2).divide(divisor).sqrt().add(BigInteger.ONE).shiftRight(1).longValueExact();
    }

    /** The integer square root, by Newton's method from above. */
    static long root(long square) {
        if (square < 2) {
            return square;
        }
        long root = 1L << ((65 - Long.numberOfLeadingZeros(square)) / 2);
        while (true) {
            long next = (root + square / root) >> 1;
            if (next >= root) {
                return root;
            }
            root = next;
        }
    }
}
