// What a machine makes of files, as lines of text: the filter of the contract, for tests.
package tidemark.core;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

final class Filter implements Effects {
    final List<String> trends = new ArrayList<>();
    final List<String> late = new ArrayList<>();
    final List<String> rejects = new ArrayList<>();
    final List<String> bars = new ArrayList<>();
    Machine machine;

    private final boolean tellsUpdates;
    private final int savedEvery;
    private String source;
    private long position;
    private byte[] record;

    /** `savedEvery`: after so many records the machine is written and read back; 0: never. */
    Filter(Spec spec, boolean tellsUpdates, int savedEvery) {
        this.tellsUpdates = tellsUpdates;
        this.savedEvery = savedEvery;
        machine = new Machine(spec, tellsUpdates);
    }

    void read(Path file, String name) throws IOException {
        source = name;
        position = 0;
        try (InputStream in = Files.newInputStream(file)) {
            FileRecords records = new FileRecords(in);
            for (record = records.next(); record != null; record = records.next()) {
                position++;
                machine.take(record, record.length, 0, this);
                if (savedEvery > 0 && position % savedEvery == 0) {
                    machine = readBack(machine);
                }
                if (tellsUpdates) {
                    machine.flush(this);
                }
            }
        }
    }

    static Machine readBack(Machine machine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MachineState.write(machine, new DataOutputStream(bytes));
        return MachineState.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    @Override
    public void judged(Bar bar, Verdict verdict) {
        if (verdict == Verdict.LATE) {
            late.add(new String(record, StandardCharsets.UTF_8));
        } else if (verdict != Verdict.DUPLICATE) {
            bars.add(Lines.writtenBar(bar));
        }
    }

    @Override
    public void rejected(Reject reject) {
        rejects.add(Lines.deadLetter(reject, source, position, record, record.length));
    }

    @Override
    public void trend(String symbol, String line) {
        trends.add(line);
    }
}
