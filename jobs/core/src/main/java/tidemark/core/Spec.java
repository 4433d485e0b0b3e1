// The windows: size, slide and delay in nanoseconds (contract 3.1, 7.2).
package tidemark.core;

import java.io.Serializable;

public record Spec(long size, long slide, long delay) implements Serializable {
    private static final long MOST = 90 * 86_400 * EventTime.SECOND;

    public Spec {
        if (slide < EventTime.SECOND || size < slide || size % slide != 0 || size > MOST || delay < 0 || delay > MOST) {
            throw new IllegalArgumentException("size must be a multiple of slide, slide at least 1s, size and delay at most 90d");
        }
    }

    /** Nanoseconds of 90s, 5m, 2h or 1d. */
    public static long duration(String text) {
        int unit = text.isEmpty() ? -1 : "smhd".indexOf(text.charAt(text.length() - 1));
        if (unit < 0 || !text.matches("[0-9]{1,9}[smhd]")) {
            throw new IllegalArgumentException(text + " is no duration; write a whole number and s, m, h or d: 90s, 5m");
        }
        long[] seconds = {1, 60, 3_600, 86_400};
        return Math.multiplyExact(Long.parseLong(text.substring(0, text.length() - 1)) * seconds[unit], EventTime.SECOND);
    }

    /** The end of the last window that holds this time. */
    long lastEnd(long time) {
        return Math.floorDiv(time, slide) * slide + size;
    }

    /** The end of the first window that holds this time. */
    long firstEnd(long time) {
        return Math.floorDiv(time, slide) * slide + slide;
    }
}
