// Base64 (RFC 4648 §4, padded), for bytes in JSON that are no text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidemark {

inline constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

inline void append_base64(std::string_view bytes, std::string& out) {
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += k <= count ? base64_alphabet[group >> (18 - 6 * k) & 63] : '=';
  }
}

// Decodes what append_base64 wrote. Empty for anything else, including set unused bits.
inline std::optional<std::string> parse_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes;
  while (!text.empty()) {
    const std::size_t padding = text.size() > 4 || text[3] != '=' ? 0 : text[2] != '=' ? 1 : 2;
    std::size_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t digit = k + padding < 4 ? base64_alphabet.find(text[k]) : 0;
      if (digit == base64_alphabet.npos) return std::nullopt;
      group = group << 6 | digit;
    }
    if ((group & ((std::size_t{1} << 8 * padding) - 1)) != 0) return std::nullopt;
    for (std::size_t k = 0; k < 3 - padding; ++k) bytes += static_cast<char>(group >> (16 - 8 * k) & 255);
    text.remove_prefix(4);
  }
  return bytes;
}

}  // namespace tidemark
