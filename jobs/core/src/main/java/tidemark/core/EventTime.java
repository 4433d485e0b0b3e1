// Times as nanoseconds since 1970 in a long, from and to the contract's texts (2.3, 2.9, 4).
package tidemark.core;

public final class EventTime {
    public static final long SECOND = 1_000_000_000L;
    /** No time: below every time. */
    public static final long NONE = Long.MIN_VALUE;

    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 2261;
    private static final int[] DAYS_IN_MONTH = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final int DATE_AND_TIME = 19;  // the length of YYYY-MM-DDTHH:MM:SS

    private EventTime() {}

    /** The instant that text[begin, end) names, or NONE. */
    static long parse(byte[] text, int begin, int end) {
        if (end - begin < DATE_AND_TIME || text[begin + 4] != '-' || text[begin + 7] != '-'
                || (text[begin + 10] != 'T' && text[begin + 10] != ' ') || text[begin + 13] != ':' || text[begin + 16] != ':') {
            return NONE;
        }
        int year = number(text, begin, 4);
        int month = number(text, begin + 5, 2);
        int day = number(text, begin + 8, 2);
        int hour = number(text, begin + 11, 2);
        int minute = number(text, begin + 14, 2);
        int second = number(text, begin + 17, 2);
        if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)
                || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
            return NONE;
        }
        int at = begin + DATE_AND_TIME;
        long fraction = 0;
        if (at < end && text[at] == '.') {
            int digits = 0;
            for (at++; at < end && text[at] >= '0' && text[at] <= '9'; at++) {
                fraction = fraction * 10 + (text[at] - '0');
                if (++digits > Units.PLACES) {
                    return NONE;
                }
            }
            if (digits == 0) {
                return NONE;
            }
            fraction *= Units.POWERS[Units.PLACES - digits];
        }
        long offset = zone(text, at, end);
        if (offset == NONE) {
            return NONE;
        }
        long seconds = days(year, month, day) * 86_400 + hour * 3_600L + minute * 60L + second - offset;
        return seconds * SECOND + fraction;
    }

    /** The offset from UTC in seconds, or NONE. */
    private static long zone(byte[] text, int at, int end) {
        if (at == end || (end - at == 1 && text[at] == 'Z')) {
            return 0;
        }
        boolean hasColon = end - at == 6 && text[at + 3] == ':';
        if ((end - at != 5 && !hasColon) || (text[at] != '+' && text[at] != '-')) {
            return NONE;
        }
        int hour = number(text, at + 1, 2);
        int minute = number(text, end - 2, 2);
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
            return NONE;
        }
        long offset = hour * 3_600L + minute * 60L;
        return text[at] == '-' ? -offset : offset;
    }

    /** Some digits as a number, or -1. */
    private static int number(byte[] text, int at, int digits) {
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return -1;
            }
            number = number * 10 + (text[i] - '0');
        }
        return number;
    }

    private static int daysInMonth(int year, int month) {
        boolean isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month == 2 && isLeap ? 29 : DAYS_IN_MONTH[month - 1];
    }

    /** The days from 1970-01-01 to a date of the Gregorian calendar. */
    private static long days(int year, int month, int day) {
        long before = year - 1L;
        long days = before * 365 + before / 4 - before / 100 + before / 400 - 719_162;
        for (int m = 1; m < month; m++) {
            days += daysInMonth(year, m);
        }
        return days + day - 1;
    }

    /** YYYY-MM-DD HH:MM:SS, with this separator between date and time of day. */
    static void append(StringBuilder out, long time, char separator) {
        long seconds = Math.floorDiv(time, SECOND);
        long day = Math.floorDiv(seconds, 86_400L);
        int second = (int) Math.floorMod(seconds, 86_400L);
        int year = (int) (FIRST_YEAR + Math.floorDiv(day, 366L));  // never too late
        while (days(year + 1, 1, 1) <= day) {
            year++;
        }
        int left = (int) (day - days(year, 1, 1));
        int month = 1;
        while (left >= daysInMonth(year, month)) {
            left -= daysInMonth(year, month++);
        }
        Units.appendPadded(out, year, 4);
        appendPart(out, '-', month);
        appendPart(out, '-', left + 1);
        appendPart(out, separator, second / 3_600);
        appendPart(out, ':', second / 60 % 60);
        appendPart(out, ':', second % 60);
    }

    private static void appendPart(StringBuilder out, char before, int number) {
        out.append(before).append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** The form of written bars: with T, the fraction without trailing zeros, and Z. */
    static void appendTimestamp(StringBuilder out, long time) {
        append(out, time, 'T');
        long fraction = Math.floorMod(time, SECOND);
        if (fraction != 0) {
            int digits = Units.decimals(fraction);
            out.append('.');
            Units.appendPadded(out, fraction / Units.POWERS[Units.PLACES - digits], digits);
        }
        out.append('Z');
    }
}
