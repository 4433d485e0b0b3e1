// A machine as bytes and back, with a version in front (contract 5.5): what a checkpoint or savepoint holds of a partition.
package tidemark.core;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

public final class MachineState {
    static final int VERSION = 1;

    private MachineState() {}

    public static void write(Machine machine, DataOutput out) throws IOException {
        out.writeInt(VERSION);
        out.writeLong(machine.spec.size());
        out.writeLong(machine.spec.slide());
        out.writeLong(machine.spec.delay());
        out.writeBoolean(machine.tellsUpdates);
        out.writeLong(machine.watermark);
        out.writeLong(machine.heartbeat);
        out.writeLong(machine.limitAhead);
        out.writeLong(machine.forgottenEnd);
        Account account = machine.account;
        for (long count : new long[] {account.accepted, account.duplicate, account.corrected, account.late, account.rejected}) {
            out.writeLong(count);
        }
        out.writeInt(machine.symbols.size());
        for (SymbolBars symbol : machine.symbols.values()) {
            writeSymbol(symbol, out);
        }
    }

    /** Throws an IOException with a sentence if another version wrote the bytes. */
    public static Machine read(DataInput in) throws IOException {
        int version = in.readInt();
        if (version != VERSION) {
            throw new IOException("the savepoint holds a state of version " + version + "; this job reads version " + VERSION
                    + ": start it with the jar that wrote the savepoint, or without the savepoint");
        }
        Machine machine = new Machine(new Spec(in.readLong(), in.readLong(), in.readLong()), in.readBoolean());
        machine.watermark = in.readLong();
        machine.heartbeat = in.readLong();
        machine.limitAhead = in.readLong();
        machine.forgottenEnd = in.readLong();
        Account account = machine.account;
        account.accepted = in.readLong();
        account.duplicate = in.readLong();
        account.corrected = in.readLong();
        account.late = in.readLong();
        account.rejected = in.readLong();
        int symbols = in.readInt();
        for (int i = 0; i < symbols; i++) {
            SymbolBars symbol = readSymbol(in);
            machine.symbols.put(symbol.symbol, symbol);
            if (symbol.changed.length > 0) {
                machine.rememberChanged(symbol);
            }
        }
        machine.schedule();
        return machine;
    }

    private static void writeSymbol(SymbolBars symbol, DataOutput out) throws IOException {
        writeText(symbol.symbol, out);
        out.writeLong(symbol.lastFinal);
        out.writeInt(symbol.changed.length);
        for (long end : symbol.changed) {
            out.writeLong(end);
        }
        out.writeInt(symbol.count);
        for (int i = 0; i < symbol.count; i++) {
            out.writeLong(symbol.records[i]);
            writeBar(symbol.bars[i], out);
        }
    }

    private static SymbolBars readSymbol(DataInput in) throws IOException {
        String name = readText(in);
        SymbolBars symbol = new SymbolBars(name, in.readLong());
        symbol.changed = new long[in.readInt()];
        for (int i = 0; i < symbol.changed.length; i++) {
            symbol.changed[i] = in.readLong();
        }
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            long records = in.readLong();
            symbol.insert(i, readBar(name, in), records);
        }
        return symbol;
    }

    private static void writeBar(Bar bar, DataOutput out) throws IOException {
        for (long number : new long[] {bar.time, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.priceChange, bar.pctChange, bar.vwap,
            bar.tradeCount}) {
            out.writeLong(number);
        }
        out.writeByte(bar.direction);
        out.writeBoolean(bar.feed != null);
        if (bar.feed != null) {
            writeText(bar.feed, out);
        }
        out.writeBoolean(bar.wide != null);
        if (bar.wide != null) {
            for (BigInteger number : bar.wide) {
                writeBytes(number == null ? new byte[0] : number.toByteArray(), out);
            }
        }
    }

    private static Bar readBar(String symbol, DataInput in) throws IOException {
        Bar bar = new Bar();
        bar.symbol = symbol;
        bar.time = in.readLong();
        bar.open = in.readLong();
        bar.high = in.readLong();
        bar.low = in.readLong();
        bar.close = in.readLong();
        bar.volume = in.readLong();
        bar.priceChange = in.readLong();
        bar.pctChange = in.readLong();
        bar.vwap = in.readLong();
        bar.tradeCount = in.readLong();
        bar.direction = in.readByte();
        bar.feed = in.readBoolean() ? readText(in) : null;
        if (in.readBoolean()) {
            bar.wide = new BigInteger[3];
            for (int i = 0; i < bar.wide.length; i++) {
                byte[] bytes = readBytes(in);
                bar.wide[i] = bytes.length == 0 ? null : new BigInteger(bytes);
            }
        }
        return bar;
    }

    private static void writeText(String text, DataOutput out) throws IOException {
        writeBytes(text.getBytes(StandardCharsets.UTF_8), out);
    }

    private static String readText(DataInput in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    private static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }
}
