// The short ways of the arithmetic against the long ones, and numbers by hand.
package tidemark.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactTest {
    private static BigInteger exact(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Units.exact(bytes, 0, bytes.length);
    }

    private static long quick(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Units.quick(bytes, 0, bytes.length);
    }

    @Test
    void numbersByHand() {
        assertEquals("300000000", exact("0.30000000000000004").toString());
        assertEquals("0", exact("0.0000000004").toString());
        assertEquals("1", exact("0.0000000005").toString());
        assertEquals("-1", exact("-5e-10").toString());
        assertEquals("1500000000000", exact("1.5E3").toString());
        assertEquals("0", exact("1e-999999999999999999999").toString());
        assertEquals(1, exact("1e999999999999999999999").compareTo(BigInteger.TEN.pow(60)));
        assertEquals("0", exact("0e999999999").toString());
        assertEquals(175_500_000_000L, quick("175.50"));
        assertEquals(-1, quick("-0.000000001"));
        assertEquals(Units.NONE, quick("1e3"));
    }

    @Test
    void numbersEqualThoseOfBigDecimal() {
        Random drawn = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            BigDecimal number = new BigDecimal(new BigInteger(drawn.nextInt(1, 90), drawn), drawn.nextInt(-3, 25));
            String text = (drawn.nextBoolean() ? "-" : "") + (drawn.nextBoolean() ? number.toPlainString() : number.toString());
            BigInteger wanted = new BigDecimal(text).setScale(9, RoundingMode.HALF_UP).unscaledValue();
            assertEquals(wanted, exact(text), text);
            long quick = quick(text);
            if (quick != Units.NONE) {
                assertEquals(wanted.longValueExact(), quick, text);
            }
        }
    }

    @Test
    void rootsAreWhole() {
        Random drawn = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            long square = drawn.nextLong(Long.MAX_VALUE) >> drawn.nextInt(63);
            assertEquals(BigInteger.valueOf(square).sqrt().longValueExact(), Volatility.root(square), () -> "root of " + square);
        }
        for (long root : new long[] {0, 1, 2, 3, 94_906_267, 3_037_000_499L}) {
            assertEquals(root, Volatility.root(root * root));
        }
    }

    @Test
    void theShortVolatilityIsTheLongOne() {
        Random drawn = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            SymbolBars symbol = new SymbolBars("A", Long.MIN_VALUE);
            int places = drawn.nextInt(10);
            for (int t = 0; t < drawn.nextInt(2, 7); t++) {
                Bar bar = new Bar();
                bar.time = t;
                bar.close = (1 + drawn.nextLong(1L << drawn.nextInt(1, 20))) * Units.POWERS[9 - places];
                bar.vwap = Units.NONE;
                symbol.insert(t, bar, 1);
            }
            Sums sums = new Sums();
            sums.add(symbol, 0, 100);
            int p = sums.pricePlaces();
            assertEquals(Volatility.wide(sums, p), Volatility.of(sums, p));
        }
    }

    @Test
    void sumsLeaveTheLong() {
        Sum sum = new Sum();
        BigInteger wanted = BigInteger.ZERO;
        for (int i = 0; i < 5; i++) {
            sum.add(Long.MAX_VALUE);
            wanted = wanted.add(BigInteger.valueOf(Long.MAX_VALUE));
        }
        assertEquals(wanted, sum.value());
    }
}
