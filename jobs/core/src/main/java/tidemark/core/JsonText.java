// The text of JSON strings: escapes and UTF-8 as they are read, and strings as they are written (contract 1.4, 1.6, 2.10).
package tidemark.core;

import java.nio.charset.StandardCharsets;

public final class JsonText {
    private static final String SHORT_ESCAPES = "\"\\/bfnrt";
    private static final String SHORT_CHARACTERS = "\"\\/\b\f\n\r\t";
    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /** The bytes of the escape at `at`, a backslash; 0 if it is none. */
    static int escapeLength(byte[] text, int at, int end) {
        if (end - at < 2) {
            return 0;
        }
        if (text[at + 1] != 'u') {
            return SHORT_ESCAPES.indexOf(text[at + 1]) >= 0 ? 2 : 0;
        }
        return end - at >= 6 && unit(text, at + 2) >= 0 ? 6 : 0;
    }

    /** Four hexadecimal digits, or -1. */
    private static int unit(byte[] text, int at) {
        int unit = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = text[i] < 0 ? -1 : Character.digit((char) text[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit * 16 + digit;
        }
        return unit;
    }

    /** The bytes of the character of UTF-8 at `at`, at least two; 0 if it is none, is overlong, a surrogate or above U+10FFFF. */
    static int characterLength(byte[] text, int at, int end) {
        int first = text[at] & 0xff;
        int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (length == 0 || end - at < length) {
            return 0;
        }
        int second = text[at + 1] & 0xff;
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < least || second > most) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((text[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /** Whether text[0, end) is valid UTF-8. */
    static boolean isUtf8(byte[] text, int end) {
        for (int at = 0; at < end; ) {
            int length = text[at] >= 0 ? 1 : characterLength(text, at, end);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** The UTF-16 code units of a valid string with escapes, without its quotes. Lone surrogates stay. */
    static String unescaped(byte[] text, int begin, int end) {
        StringBuilder out = new StringBuilder();
        for (int at = begin; at < end; ) {
            int from = at;
            while (at < end && text[at] != '\\') {
                at++;
            }
            out.append(new String(text, from, at - from, StandardCharsets.UTF_8));
            if (at == end) {
                break;
            }
            if (text[at + 1] == 'u') {
                out.append((char) unit(text, at + 2));
                at += 6;
            } else {
                out.append(SHORT_CHARACTERS.charAt(SHORT_ESCAPES.indexOf(text[at + 1])));
                at += 2;
            }
        }
        return out.toString();
    }

    /** Writes a string with its quotes. */
    static void append(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int named = c == '/' ? -1 : c == '"' || c == '\\' || c < ' ' ? SHORT_CHARACTERS.indexOf(c) : -1;
            if (named >= 0) {
                out.append('\\').append(SHORT_ESCAPES.charAt(named));
            } else if (c < ' ') {
                out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    static void appendOrNull(StringBuilder out, String text) {
        if (text == null) {
            out.append("null");
        } else {
            append(out, text);
        }
    }
}
