// What a savepoint refuses, and what it keeps besides the golden cases' state.
package tidemark.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StateTest {
    private static final Spec SPEC = new Spec(Spec.duration("2m"), Spec.duration("1m"), Spec.duration("0s"));

    private static byte[] bar(String symbol, String time) {
        return ("{\"symbol\":\"" + symbol + "\",\"timestamp\":\"2025-01-02T" + time + "Z\",\"open\":1,\"high\":1,\"low\":1,\"close\":1,\"volume\":1}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void take(Machine machine, Filter out, byte[] record) {
        machine.take(record, record.length, 0, out);
    }

    @Test
    void anotherVersionIsRefusedWithTheCure() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MachineState.write(new Machine(SPEC, false), new DataOutputStream(bytes));
        byte[] state = bytes.toByteArray();
        state[3] = 99;
        IOException refused = assertThrows(IOException.class, () -> MachineState.read(new DataInputStream(new ByteArrayInputStream(state))));
        assertTrue(refused.getMessage().contains("version 99") && refused.getMessage().contains("without the savepoint"), refused.getMessage());
    }

    /** A's windows end at 14:31 and 14:32. B closes the first; the lowered watermark does not open it again, because it gave a final. */
    @Test
    void changesAndFinalsAreKept() throws IOException {
        Filter out = new Filter(SPEC, true, 0);
        Machine machine = new Machine(SPEC, true);
        take(machine, out, bar("A", "14:30:00"));
        take(machine, out, bar("B", "14:31:00"));
        assertEquals(1, out.trends.size());
        machine.lowerWatermark(EventTime.parse("2025-01-02T14:00:00Z".getBytes(StandardCharsets.US_ASCII), 0, 20));
        Machine back = Filter.readBack(machine);
        assertTrue(back.hasChanges());
        back.flush(out);
        assertEquals(4, out.trends.size(), "updates: A to 14:32, B to 14:32 and 14:33");
        back.end(out);
        assertEquals(7, out.trends.size());
        assertTrue(out.trends.get(4).startsWith("{\"symbol\":\"A\",\"window_start\":\"2025-01-02 14:30:00\""), out.trends.get(4));
    }

    @Test
    void droppedChangesAreNotTold() {
        Filter out = new Filter(SPEC, true, 0);
        Machine machine = new Machine(SPEC, true);
        take(machine, out, bar("A", "14:30:00"));
        machine.dropChanges();
        machine.flush(out);
        assertEquals(0, out.trends.size());
        take(machine, out, bar("A", "14:30:30"));
        machine.flush(out);
        assertEquals(2, out.trends.size());
    }
}
