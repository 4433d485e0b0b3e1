// What a machine makes of a record, in the order in which it happens.
package tidemark.core;

public interface Effects {
    /** A valid bar and what became of it. */
    void judged(Bar bar, Verdict verdict);

    void rejected(Reject reject);

    /** A final or an update, as the contract's line without its LF (4). */
    void trend(String symbol, String line);
}
