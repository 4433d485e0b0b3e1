// The sums of a window's bars, which all columns of its trend follow from.
package tidemark.core;

import java.util.Objects;

final class Sums {
    int count;
    long records;
    final Sum close = new Sum();
    final Sum volume = new Sum();
    final Sum vwap = new Sum();
    final Sum pctChange = new Sum();
    int vwaps;      // how many are not null
    long max;
    long min;
    int up;
    String feed;    // that all bars share, or null
    SymbolBars bars;
    int first;      // the window's bars are bars[first, first + count)

    private int closeDecimals;
    private int volumeDecimals;

    /** The bars with start ≤ time < end. */
    void add(SymbolBars symbol, long start, long end) {
        clear(symbol, symbol.place(start));
        for (int i = first; i < symbol.count && symbol.bars[i].time < end; i++) {
            Bar bar = symbol.bars[i];
            feed = count == 0 || Objects.equals(feed, bar.feed) ? bar.feed : null;
            count++;
            records += symbol.records[i];
            close.add(bar.close);
            max = Math.max(max, bar.close);
            min = Math.min(min, bar.close);
            closeDecimals = Math.max(closeDecimals, Units.decimals(bar.close));
            addVolume(bar);
            if (bar.pctChange == Units.NONE) {
                pctChange.add(bar.wide[Bar.PCT_CHANGE]);
            } else {
                pctChange.add(bar.pctChange);
            }
            if (bar.vwap != Units.NONE) {
                vwap.add(bar.vwap);
                vwaps++;
            }
            up += bar.direction == Bar.UP ? 1 : 0;
        }
    }

    private void clear(SymbolBars symbol, int from) {
        bars = symbol;
        first = from;
        count = vwaps = up = closeDecimals = volumeDecimals = 0;
        records = 0;
        close.clear();
        volume.clear();
        vwap.clear();
        pctChange.clear();
        max = Long.MIN_VALUE;
        min = Long.MAX_VALUE;
        feed = null;
    }

    private void addVolume(Bar bar) {
        if (bar.volume == Units.NONE) {
            volume.add(bar.wide[Bar.VOLUME]);
            volumeDecimals = Math.max(volumeDecimals, Units.decimals(bar.wide[Bar.VOLUME].remainder(java.math.BigInteger.valueOf(Units.ONE)).longValue()));
        } else {
            volume.add(bar.volume);
            volumeDecimals = Math.max(volumeDecimals, Units.decimals(bar.volume));
        }
    }

    int closeDecimals() {
        return closeDecimals;
    }

    /** p of 4.2. */
    int pricePlaces() {
        return Math.min(Units.PLACES, Math.max(4, closeDecimals + 2));
    }

    /** v of 4.2. */
    int volumePlaces() {
        return volumeDecimals;
    }
}
