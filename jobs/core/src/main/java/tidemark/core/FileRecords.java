// The records of a file: its lines without LF and one CR, plain or gzip, without a byte order mark (contract 1.1, 1.2).
package tidemark.core;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

public final class FileRecords {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private boolean hasEnded;

    /** The first bytes tell how the file is packed, whatever its name. */
    public FileRecords(InputStream file) throws IOException {
        BufferedInputStream whole = new BufferedInputStream(file, BUFFER_BYTES);
        whole.mark(4);
        byte[] first = whole.readNBytes(4);
        whole.reset();
        boolean isGzip = first.length > 1 && first[0] == 0x1f && first[1] == (byte) 0x8b;
        boolean isOther = first.length == 4 && ((first[0] == 'P' && first[1] == 'K' && first[2] == 3 && first[3] == 4)
                || (first[0] == 0x28 && first[1] == (byte) 0xb5 && first[2] == 0x2f && first[3] == (byte) 0xfd));
        if (isOther) {
            throw new IOException("the file is a ZIP archive or Zstandard, which this job does not read: unpack it, or pack it with gzip");
        }
        in = isGzip ? new GZIPInputStream(whole, BUFFER_BYTES) : whole;
        fill();
        if (to >= MARK.length && Arrays.equals(buffer, 0, MARK.length, MARK, 0, MARK.length)) {
            from = MARK.length;
        }
    }

    /** The next record, or null at the end. */
    public byte[] next() throws IOException {
        int searched = from;
        while (true) {
            int at = searched;
            while (at < to && buffer[at] != '\n') {
                at++;
            }
            if (at < to || (hasEnded && from < to)) {
                boolean hasReturn = at > from && buffer[at - 1] == '\r';
                byte[] record = Arrays.copyOfRange(buffer, from, hasReturn ? at - 1 : at);
                from = Math.min(at + 1, to);
                return record;
            }
            if (hasEnded) {
                return null;
            }
            searched = at - from;
            fill();
            searched += from;
        }
    }

    /** Reads more behind what is not used yet, which is moved to the buffer's begin. */
    private void fill() throws IOException {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        if (to == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        while (to < buffer.length && !hasEnded) {
            int read = in.read(buffer, to, buffer.length - to);
            hasEnded = read < 0;
            to += Math.max(read, 0);
        }
    }
}
