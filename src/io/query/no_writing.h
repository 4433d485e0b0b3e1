// Prevents a process that answers a query from writing files, whatever DuckDB is made to do: the kernel refuses it
// (Landlock).
#pragma once

namespace tidemark {

// From now on neither this thread nor those it starts can open a file for writing, or create, rename or remove one.
// Open files, such as standard output, stay open. False if the kernel has no Landlock; the checks of the query still
// apply.
bool forbid_writing();

}  // namespace tidemark
