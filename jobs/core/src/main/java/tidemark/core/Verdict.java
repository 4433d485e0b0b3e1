// What a valid bar turned out to be (contract 3.4 to 3.6).
package tidemark.core;

public enum Verdict {
    ACCEPTED("accepted"), DUPLICATE("duplicate"), CORRECTED("corrected"), LATE("late");

    /** The word in the account and in the rows of tidemark_bars. */
    public final String word;

    Verdict(String word) {
        this.word = word;
    }
}
