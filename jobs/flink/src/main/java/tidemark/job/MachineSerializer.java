// Flink's serializer for the state of a partition. The bytes and their version are those of MachineState.
package tidemark.job;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import tidemark.core.Machine;
import tidemark.core.MachineState;

public final class MachineSerializer extends TypeSerializerSingleton<Machine> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public Machine createInstance() {
        return null;
    }

    @Override
    public Machine copy(Machine from) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            MachineState.write(from, new DataOutputStream(bytes));
            return MachineState.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public Machine copy(Machine from, Machine reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(Machine machine, DataOutputView target) throws IOException {
        MachineState.write(machine, target);
    }

    @Override
    public Machine deserialize(DataInputView source) throws IOException {
        return MachineState.read(source);
    }

    @Override
    public Machine deserialize(Machine reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        MachineState.write(MachineState.read(source), target);
    }

    @Override
    public TypeSerializerSnapshot<Machine> snapshotConfiguration() {
        return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Machine> {
        public Snapshot() {
            super(MachineSerializer::new);
        }
    }
}
