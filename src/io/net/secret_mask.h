// SecretMask: replaces key and secret in a server's data by ***, before any other part of the program sees it.
//
//     socket ─▶ bytes ─▶ mask ─▶ JSON, records, spool, journal, status, checks
//
// It finds them in plain form, in any mixture of JSON escapes (\u0041, \/) and percent-encoding (%41), as hexadecimal
// digits, and in base64 or base64url at any offset, as in "key:secret". A response or message is masked as a whole.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark {

class SecretMask {
 public:
  // Shorter texts are words that occur anywhere, not secrets.
  static constexpr std::size_t least_bytes = 6;

  SecretMask() = default;
  explicit SecretMask(const std::vector<std::string_view>& secrets);
  SecretMask(const SecretMask&) = default;
  SecretMask(SecretMask&&) = default;
  SecretMask& operator=(const SecretMask&) = default;
  SecretMask& operator=(SecretMask&&) = default;
  ~SecretMask();

  // Returns how many were replaced.
  std::size_t cover(std::string& text) const;

 private:
  struct Form {
    std::string bytes;
    bool any_case = false;  // of letters
  };
  void add(std::string bytes, bool any_case);
  // The length in `text` of the form that begins at `begin`; 0 if none does.
  std::size_t found_at(std::string_view text, std::size_t begin) const;

  std::vector<Form> forms_;
  std::array<bool, 256> may_begin_{};  // bytes that can begin a form or the escape of its first character
};

}  // namespace tidemark
