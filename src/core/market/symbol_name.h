// A symbol by value: 1–32 bytes of '!'..'~', padded with zeros, so that comparing the 32 bytes compares
// the texts (contract/semantics.md §2, §3.13).
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/check.h"

namespace tidemark {

class SymbolName {
 public:
  SymbolName() = default;
  explicit SymbolName(std::string_view text) {
    CHECK(text.size() <= sizeof(words_));
    std::memcpy(words_.data(), text.data(), text.size());
  }

  std::string_view text() const {
    const char* const begin = reinterpret_cast<const char*>(words_.data());
    return {begin, ::strnlen(begin, sizeof(words_))};
  }
  // For hash tables in this process only.
  std::uint64_t hash() const {
    std::uint64_t h = 0x9e3779b97f4a7c15u;
    for (const std::uint64_t word : words_) h = mix(h ^ word);
    return h;
  }
  friend bool operator==(const SymbolName& a, const SymbolName& b) {  // four words at once, no branch
    std::uint64_t difference = 0;
    for (std::size_t i = 0; i < a.words_.size(); ++i) difference |= a.words_[i] ^ b.words_[i];
    return difference == 0;
  }
  friend std::strong_ordering operator<=>(const SymbolName& a, const SymbolName& b) {
    return std::memcmp(a.words_.data(), b.words_.data(), sizeof(words_)) <=> 0;
  }

 private:
  static std::uint64_t mix(std::uint64_t x) {
    x *= 0xff51afd7ed558ccdu;
    return x ^ (x >> 32);
  }

  std::array<std::uint64_t, 4> words_{};
};

}  // namespace tidemark
