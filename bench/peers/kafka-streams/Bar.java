// The fields of a bar that windows need, read from its JSON without building a tree (contract/semantics.md §2).

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.OffsetDateTime;

final class Bar {
    private static final JsonFactory JSON = new JsonFactory();

    long time; // milliseconds since 1970
    double close, volume, vwap = Double.NaN, pctChange;
    boolean up;

    static Bar of(byte[] bytes) {
        Bar bar = new Bar();
        try (JsonParser json = JSON.createParser(bytes)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "timestamp" -> bar.time = timeOf(json.getText());
                    case "close" -> bar.close = json.getDoubleValue();
                    case "volume" -> bar.volume = json.getDoubleValue();
                    case "vwap" -> bar.vwap = value == JsonToken.VALUE_NULL ? Double.NaN : json.getDoubleValue();
                    case "pct_change" -> bar.pctChange = json.getDoubleValue();
                    case "direction" -> bar.up = json.getText().equals("up");
                    default -> json.skipChildren();
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bar;
    }

    // Parses the usual form by its digits, and all other forms with the library.
    private static long timeOf(String text) {
        if (text.length() != 20 || text.charAt(19) != 'Z') return OffsetDateTime.parse(text.replace(' ', 'T')).toInstant().toEpochMilli();
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
        return ((day * 24 + number(text, 11, 13)) * 60 + number(text, 14, 16)) * 60_000 + number(text, 17, 19) * 1000L;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int at = from; at < to; at++) number = number * 10 + text.charAt(at) - '0';
        return number;
    }
}
