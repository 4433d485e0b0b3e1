// The memory that a verb may take: --memory.
//
//     what files say of themselves ─▶ the pool of Parquet's buffers ─▶ the process's data (RLIMIT_DATA)
//     refused by name                 refused by file and column       the last line: refused by the kernel
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tidemark {

// Ends the process with a message if too little memory is left for the libraries to work and to end.
void need_memory();

// Bounds the process from now on. `threads` is the number it will start; their stacks count as data even if unused.
void limit_memory(std::string_view verb, std::uint64_t bytes, std::size_t threads);

}  // namespace tidemark
