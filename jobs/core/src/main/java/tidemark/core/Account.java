// How many records became what (contract 3.9).
package tidemark.core;

public final class Account {
    public long accepted;
    public long duplicate;
    public long corrected;
    public long late;
    public long rejected;

    void count(Verdict verdict) {
        switch (verdict) {
            case ACCEPTED -> accepted++;
            case DUPLICATE -> duplicate++;
            case CORRECTED -> corrected++;
            default -> late++;
        }
    }

    /** The line of --stats. */
    public String line() {
        return "{\"read\":" + (accepted + duplicate + corrected + late + rejected) + ",\"accepted\":" + accepted + ",\"duplicate\":" + duplicate
                + ",\"corrected\":" + corrected + ",\"late\":" + late + ",\"rejected\":" + rejected + "}";
    }
}
