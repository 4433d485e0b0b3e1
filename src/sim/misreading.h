// Reads of a disk that gives something else than what was asked for: bytes of another place of the file, or what its sectors
// held before.
#pragma once

#include <cstddef>
#include <span>

#include "sim/computer.h"

namespace tidemark::sim {

// `bytes` were read from `offset` of the file; the computer's fate may put others in their place.
void misread(Computer& computer, const Storage::Node& file, std::size_t offset, std::span<char> bytes);

}  // namespace tidemark::sim
