// The words of the command line.
package tidemark.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import tidemark.core.Spec;

final class Options {
    static final String USAGE = """
            tidemark-flink.jar kafka --brokers HOST:PORT[,HOST:PORT] [options]    the topics, as `tidemark analyze` reads and writes them
            tidemark-flink.jar lines FILE... --output FOLDER [options]            files of JSON lines, as `tidemark trends` reads them

              --size 5m --slide 1m --delay 2m   the windows
              --updates 1s                      how often updates of open windows are written; 0s: after each record; off: never (lines: off)
            kafka:
              --topic-prefix TEXT               before the names of all topics
              --application tidemark            the group is APPLICATION-analyze; also before transactional ids
              --commit-interval 1s              time between two checkpoints, each of which commits a transaction
              --kafka-config FILE               properties of Kafka's clients, one NAME=VALUE a line
              --once                            end when all that is in the topic now is done
            lines:
              --keep-open                       windows that are open at the end give nothing
            """;
    private static final Set<String> WITH_VALUE = Set.of("brokers", "output", "size", "slide", "delay", "updates", "topic-prefix", "application",
            "commit-interval", "kafka-config");
    private static final Set<String> ALONE = Set.of("once", "keep-open");

    final String mode;
    final List<String> files = new ArrayList<>();
    private final TreeMap<String, String> values = new TreeMap<>();

    /** Throws an IllegalArgumentException with a sentence and the cure. */
    Options(String[] words) {
        mode = words.length == 0 ? "" : words[0];
        if (!mode.equals("kafka") && !mode.equals("lines")) {
            throw new IllegalArgumentException("the first word is kafka or lines\n\n" + USAGE);
        }
        for (int i = 1; i < words.length; i++) {
            String name = words[i].startsWith("--") ? words[i].substring(2) : "";
            if (WITH_VALUE.contains(name)) {
                if (i + 1 == words.length) {
                    throw new IllegalArgumentException(words[i] + " wants a value\n\n" + USAGE);
                }
                values.put(name, words[++i]);
            } else if (ALONE.contains(name)) {
                values.put(name, "");
            } else if (name.isEmpty() && mode.equals("lines")) {
                files.add(words[i]);
            } else {
                throw new IllegalArgumentException("there is no " + words[i] + "\n\n" + USAGE);
            }
        }
        require(mode.equals("kafka") ? "brokers" : "output");
        if (mode.equals("lines") && files.isEmpty()) {
            throw new IllegalArgumentException("lines wants a file\n\n" + USAGE);
        }
    }

    private void require(String name) {
        if (!values.containsKey(name)) {
            throw new IllegalArgumentException(mode + " wants --" + name + "\n\n" + USAGE);
        }
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    long milliseconds(String name, String otherwise) {
        return Spec.duration(text(name, otherwise)) / 1_000_000;
    }

    Spec spec() {
        return new Spec(Spec.duration(text("size", "5m")), Spec.duration(text("slide", "1m")), Spec.duration(text("delay", "2m")));
    }

    /** Milliseconds between updates; negative: none. */
    long updatesEvery() {
        String every = text("updates", mode.equals("kafka") ? "1s" : "off");
        return every.equals("off") ? -1 : Spec.duration(every) / 1_000_000;
    }
}
