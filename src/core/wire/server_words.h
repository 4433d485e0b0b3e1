// What a server says, as far as it is fit for a sentence: short, one line, nothing that moves a terminal's cursor.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tidemark {

// Control characters become blanks; bytes that are no UTF-8 become question marks; what is longer ends with "…".
std::string server_words(std::string_view said, std::size_t most_bytes = 300);

}  // namespace tidemark
