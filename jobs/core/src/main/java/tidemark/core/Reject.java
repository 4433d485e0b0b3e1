// Why a record is no bar (contract 1.8, 2.5, 2.6, 3.11), and its field, or "".
package tidemark.core;

public record Reject(String reason, String field) {}
