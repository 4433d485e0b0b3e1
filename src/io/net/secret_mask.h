// SecretMask: key and secret in what a server says become ***, before anything else of the program sees it.
//
//     socket ─▶ bytes ─▶ mask ─▶ JSON, records, spool, journal, status, checks
//
// Found as they are, in any mixture of JSON escapes (\u0041, \/) and percent-encoding (%41), as hexadecimal digits, and in base64 or
// base64url wherever they stand in it: so also in that of "key:secret". An answer or a message is masked as a whole.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark {

class SecretMask {
 public:
  // Shorter ones than `least_bytes` are words that stand in any text, and no secrets.
  static constexpr std::size_t least_bytes = 6;

  SecretMask() = default;
  explicit SecretMask(const std::vector<std::string_view>& secrets);
  SecretMask(const SecretMask&) = default;
  SecretMask(SecretMask&&) = default;
  SecretMask& operator=(const SecretMask&) = default;
  SecretMask& operator=(SecretMask&&) = default;
  ~SecretMask();

  // How many were covered.
  std::size_t cover(std::string& text) const;

 private:
  struct Form {
    std::string bytes;
    bool any_case = false;  // of letters
  };
  void add(std::string bytes, bool any_case);
  // Length in `text` of the form that begins there; 0: none does.
  std::size_t found_at(std::string_view text, std::size_t begin) const;

  std::vector<Form> forms_;
  std::array<bool, 256> may_begin_{};  // bytes with which a form, or the escape of one's first letter, begins
};

}  // namespace tidemark
