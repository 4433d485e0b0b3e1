// Every golden case of the contract, once as it is and once with the machine written and read back on the way.
package tidemark.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GoldenTest {
    /** What the job does not do, with the clause; docs/parity.md says why. */
    private static final Map<String, String> APART = Map.of("alpaca-answer", "7.6", "alpaca-messages", "7.6", "polygon-answer", "7.6",
            "binance-lists", "7.6", "zip-archive", "1.1", "sorted", "7.5", "sorted-files", "7.5");
    private static final int LEAST_CASES = 50;

    static Path golden() {
        return Path.of(System.getProperty("tidemark.golden", "../../contract/golden"));
    }

    private static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(golden())) {
            return folders.filter(folder -> Files.exists(folder.resolve("why.md")) && !isApart(folder)).sorted().toList();
        }
    }

    /** Indicators are clause 8. */
    private static boolean isApart(Path folder) {
        return APART.containsKey(folder.getFileName().toString()) || options(folder).contains("--indicators");
    }

    private static List<String> options(Path folder) {
        Path file = folder.resolve("options");
        try {
            return Files.exists(file) ? Arrays.asList(Files.readString(file).trim().split(" +")) : List.of();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    @Test
    void noCaseIsMissing() throws IOException {
        assertTrue(cases().size() >= LEAST_CASES, cases().size() + " cases");
    }

    @TestFactory
    Stream<DynamicTest> asItIs() throws IOException {
        return cases().stream().map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder, 0)));
    }

    @TestFactory
    Stream<DynamicTest> writtenAndReadBack() throws IOException {
        return cases().stream().map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder, 3)));
    }

    private static void check(Path folder, int savedEvery) throws IOException {
        List<String> options = options(folder);
        Spec spec = new Spec(duration(options, "--size", "5m"), duration(options, "--slide", "1m"), duration(options, "--delay", "2m"));
        Filter filter = new Filter(spec, options.contains("--updates"), savedEvery);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(GoldenTest::isInput).sorted().toList()) {
                String name = file.getFileName().toString();
                filter.read(file, name.startsWith("stdin") ? "-" : name);
            }
        }
        if (!options.contains("--keep-open")) {
            filter.machine.end(filter);
        }
        assertEquals(lines(folder, "trends.jsonl"), filter.trends, "trends");
        assertEquals(lines(folder, "late.jsonl"), filter.late, "late");
        assertEquals(lines(folder, "rejects.jsonl"), filter.rejects, "rejects");
        assertEquals(lines(folder, "stats.json").get(0), filter.machine.account().line(), "account");
        if (Files.exists(folder.resolve("bars.jsonl"))) {
            assertEquals(lines(folder, "bars.jsonl"), filter.bars, "bars");
        }
    }

    private static boolean isInput(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("arrivals") || name.startsWith("stdin");
    }

    private static long duration(List<String> options, String name, String otherwise) {
        int at = options.indexOf(name);
        return Spec.duration(at < 0 ? otherwise : options.get(at + 1));
    }

    /** Lines end with LF only: a record may hold other breaks. */
    private static List<String> lines(Path folder, String name) throws IOException {
        String text = Files.readString(folder.resolve(name));
        return text.isEmpty() ? List.of() : Arrays.asList(text.substring(0, text.length() - 1).split("\n", -1));
    }
}
