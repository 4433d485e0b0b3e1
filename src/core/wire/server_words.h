// Makes a server's text fit for a message: short, on one line, without terminal control characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tidemark {

// Control characters become spaces, and bytes that are no UTF-8 become question marks. Longer text is cut and ends with
// "…".
std::string server_words(std::string_view said, std::size_t most_bytes = 300);

}  // namespace tidemark
