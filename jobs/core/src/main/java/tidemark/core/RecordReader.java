// Strict JSON (contract 1.4 to 1.8): checks a whole record and notes where the known fields of its object stand.
package tidemark.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

final class RecordReader {
    static final String[] NAMES = {"symbol", "timestamp", "open", "high", "low", "close", "volume", "vwap", "price_change", "pct_change",
        "direction", "trade_count", "feed", "heartbeat", "source"};
    static final int SYMBOL = 0, TIMESTAMP = 1, OPEN = 2, HIGH = 3, LOW = 4, CLOSE = 5, VOLUME = 6, VWAP = 7, PRICE_CHANGE = 8, PCT_CHANGE = 9,
        DIRECTION = 10, TRADE_COUNT = 11, FEED = 12, HEARTBEAT = 13, SOURCE = 14;

    /** What a value is. Other: true, false, an object or an array. */
    static final byte ABSENT = 0, NULL = 1, NUMBER = 2, STRING = 3, OTHER = 4;

    private static final int MAX_DEPTH = 64;
    private static final byte[][] NAME_BYTES = new byte[NAMES.length][];
    private static final Map<String, Integer> PLACES = new HashMap<>();

    static {
        for (int i = 0; i < NAMES.length; i++) {
            NAME_BYTES[i] = NAMES[i].getBytes(StandardCharsets.US_ASCII);
            PLACES.put(NAMES[i], i);
        }
    }

    // By place in NAMES. Of a string, begin and end lie inside the quotes.
    final byte[] kinds = new byte[NAMES.length];
    final int[] begins = new int[NAMES.length];
    final int[] ends = new int[NAMES.length];
    final boolean[] areEscaped = new boolean[NAMES.length];

    byte[] text;
    private int at;
    private int end;
    private byte kind;        // of the value that was read last
    private int begin;        // of that value
    private boolean isEscaped;
    private int place;        // in NAMES of the key of the outermost object that was read last, or -1
    private boolean isObject;
    private boolean isTooDeep;
    private boolean hasDouble;
    private final Levels levels = new Levels();

    /** null if the record is an object of valid JSON, else the reason why not. */
    String read(byte[] record, int length) {
        text = record;
        at = 0;
        end = length;
        place = -1;
        isObject = isTooDeep = hasDouble = false;
        Arrays.fill(kinds, ABSENT);
        levels.clear();
        space();
        if (!value()) {
            return "bad_json";
        }
        space();
        if (at != end) {
            return "bad_json";
        }
        return !isObject ? "not_an_object" : isTooDeep ? "too_deep" : hasDouble ? "duplicate_key" : null;
    }

    /** The decoded string of a place. */
    String string(int which) {
        return areEscaped[which] ? JsonText.unescaped(text, begins[which], ends[which])
                : new String(text, begins[which], ends[which] - begins[which], StandardCharsets.UTF_8);
    }

    private int peek() {
        return at < end ? text[at] : -1;
    }

    private void space() {
        while (at < end && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n')) {
            at++;
        }
    }

    /** One value with all that it holds, without recursion: a text may be nested deeper than any stack. */
    private boolean value() {
        while (true) {
            begin = at;
            int c = peek();
            if (c == '{' || c == '[') {
                if (levels.depth == 0) {
                    isObject = c == '{';
                }
                at++;
                space();
                isTooDeep |= levels.depth + 1 > MAX_DEPTH;
                if (peek() != (c == '{' ? '}' : ']')) {
                    levels.push(c == '{');
                    if (c == '{' && !key()) {
                        return false;
                    }
                    continue;
                }
                at++;
                kind = OTHER;
            } else if (!scalar(c)) {
                return false;
            }
            if (!after()) {
                return false;
            }
            if (levels.depth == 0) {
                return true;
            }
        }
    }

    private boolean scalar(int c) {
        if (c == '"') {
            kind = STRING;
            return string();
        }
        if (c == '-' || (c >= '0' && c <= '9')) {
            kind = NUMBER;
            return number();
        }
        kind = c == 'n' ? NULL : OTHER;
        return word("null") || word("true") || word("false");
    }

    /** Behind a complete value: closes what it completes, and goes on to the next value, if there is one. */
    private boolean after() {
        while (levels.depth > 0) {
            if (levels.depth == 1 && isObject && place >= 0) {
                note();
            }
            space();
            boolean isInObject = levels.isObject();
            int c = peek();
            if (c == (isInObject ? '}' : ']')) {
                at++;
                levels.pop();
                kind = OTHER;
                continue;
            }
            if (c != ',') {
                return false;
            }
            at++;
            space();
            return !isInObject || key();
        }
        return true;
    }

    private void note() {
        boolean isString = kind == STRING;
        kinds[place] = kind;
        begins[place] = isString ? begin + 1 : begin;
        ends[place] = isString ? at - 1 : at;
        areEscaped[place] = isString && isEscaped;
    }

    /** A key and its colon. */
    private boolean key() {
        int from = at + 1;
        if (peek() != '"' || !string()) {
            return false;
        }
        int to = at - 1;
        if (levels.depth == 1) {
            place = isEscaped ? PLACES.getOrDefault(JsonText.unescaped(text, from, to), -1) : place(from, to);
        }
        if (levels.depth > 1 || place < 0) {
            hasDouble |= !levels.addKey(isEscaped ? JsonText.unescaped(text, from, to) : new String(text, from, to - from, StandardCharsets.UTF_8));
        } else {
            hasDouble |= kinds[place] != ABSENT;
        }
        space();
        if (peek() != ':') {
            return false;
        }
        at++;
        space();
        return true;
    }

    private int place(int from, int to) {
        for (int i = 0; i < NAME_BYTES.length; i++) {
            if (NAME_BYTES[i].length == to - from && NAME_BYTES[i][0] == text[from] && Arrays.equals(NAME_BYTES[i], 0, to - from, text, from, to)) {
                return i;
            }
        }
        return -1;
    }

    private boolean word(String word) {
        if (end - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (text[at + i] != word.charAt(i)) {
                return false;
            }
        }
        at += word.length();
        return true;
    }

    private boolean number() {
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else if (!digits()) {
            return false;
        }
        if (peek() == '.') {
            at++;
            if (!digits()) {
                return false;
            }
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int from = at;
        while (at < end && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at > from;
    }

    /** A string with its quotes. */
    private boolean string() {
        isEscaped = false;
        for (at++; at < end; ) {
            int c = text[at];
            if (c == '"') {
                at++;
                return true;
            }
            if (c == '\\') {
                isEscaped = true;
                int length = JsonText.escapeLength(text, at, end);
                if (length == 0) {
                    return false;
                }
                at += length;
            } else if (c >= ' ') {
                at++;
            } else {
                int length = c >= 0 ? 0 : JsonText.characterLength(text, at, end);  // a control character, or UTF-8 of several bytes
                if (length == 0) {
                    return false;
                }
                at += length;
            }
        }
        return false;
    }

    /** The open objects and arrays, outermost first, with the keys of the objects that are not known fields. */
    private static final class Levels {
        int depth;
        private boolean[] areObjects = new boolean[16];
        @SuppressWarnings("unchecked")
        private Set<String>[] keys = (Set<String>[]) new Set<?>[16];

        void clear() {
            Arrays.fill(keys, 0, Math.min(keys.length, depth + 1), null);
            depth = 0;
        }

        void push(boolean isObject) {
            if (depth == areObjects.length) {
                areObjects = Arrays.copyOf(areObjects, depth * 2);
                keys = Arrays.copyOf(keys, depth * 2);
            }
            areObjects[depth] = isObject;
            keys[depth++] = null;
        }

        void pop() {
            keys[--depth] = null;
        }

        boolean isObject() {
            return areObjects[depth - 1];
        }

        boolean addKey(String key) {
            if (keys[depth - 1] == null) {
                keys[depth - 1] = new HashSet<>();
            }
            return keys[depth - 1].add(key);
        }
    }
}
