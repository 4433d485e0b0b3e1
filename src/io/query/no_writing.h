// A process that answers a question writes no file, whatever DuckDB is talked into: the kernel refuses it (Landlock).
#pragma once

namespace tidemark {

// From now on no thread that this one starts can open a file for writing, or make, rename or remove one. What is open already,
// as standard output, stays open. False where the kernel has no Landlock; the checks of the question hold all the same.
bool forbid_writing();

}  // namespace tidemark
