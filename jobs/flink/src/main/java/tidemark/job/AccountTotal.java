// The account at the end of a bounded input, as an accumulator of the job's result. The last one counts.
package tidemark.job;

import org.apache.flink.api.common.accumulators.Accumulator;
import org.apache.flink.api.common.accumulators.SimpleAccumulator;

public final class AccountTotal implements SimpleAccumulator<String> {
    private static final long serialVersionUID = 1;

    private String line = "";

    public AccountTotal() {}

    @Override
    public void add(String value) {
        line = value;
    }

    @Override
    public String getLocalValue() {
        return line;
    }

    @Override
    public void resetLocal() {
        line = "";
    }

    @Override
    public void merge(Accumulator<String, String> other) {
        line += other.getLocalValue();
    }

    @Override
    public Accumulator<String, String> clone() {
        AccountTotal copy = new AccountTotal();
        copy.line = line;
        return copy;
    }
}
