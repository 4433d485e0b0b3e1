// A symbol by value, padded with zeros, so that comparing the 32 bytes compares the texts (contract/semantics.md §2, §3.13).
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/check.h"
#include "core/market/limits.h"

namespace tidemark {

class SymbolName {
 public:
  SymbolName() = default;
  explicit SymbolName(std::string_view text) {
    CHECK(text.size() <= sizeof(words_));
    std::size_t word = 0;
    for (; text.size() > 8; text.remove_prefix(8)) std::memcpy(&words_[word++], text.data(), 8);
    words_[word] = load(text.data(), text.size());
  }

  std::string_view text() const {
    return {reinterpret_cast<const char*>(words_.data()), size()};
  }
  std::size_t size() const {
    std::size_t word = words_.size() - 1;
    while (word > 0 && words_[word] == 0) --word;
    return word * 8 + 8 - static_cast<std::size_t>(std::countl_zero(words_[word])) / 8;
  }
  // Eight bytes in memory order each, padded with zeros.
  const std::array<std::uint64_t, longest_symbol_name / 8>& words() const { return words_; }
  // For hash tables in this process only.
  std::uint64_t hash() const {
    // Independent products, so that the processor computes them in parallel. Most names fit in one word.
    const std::uint64_t sum = words_[0] * 0xff51afd7ed558ccdu + words_[1] * 0xc4ceb9fe1a85ec53u +
                              words_[2] * 0x9e3779b97f4a7c15u + words_[3] * 0xd6e8feb86659fd93u;
    return (sum ^ (sum >> 32)) * 0xff51afd7ed558ccdu;
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
  // Up to eight bytes in memory order, padded with zeros: two overlapping loads instead of a call.
  static std::uint64_t load(const char* bytes, std::size_t size) {
    static_assert(std::endian::native == std::endian::little);
    if (size >= 4) {
      std::uint32_t head, tail;
      std::memcpy(&head, bytes, 4);
      std::memcpy(&tail, bytes + size - 4, 4);
      return head | static_cast<std::uint64_t>(tail) << (8 * (size - 4));
    }
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < size; ++i)
      word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return word;
  }

  std::array<std::uint64_t, longest_symbol_name / sizeof(std::uint64_t)> words_{};
};

}  // namespace tidemark
