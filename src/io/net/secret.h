// Secret: a password or key that cannot be printed by accident; every way to print it gives ***.
//
// Its text is in pages of its own, which are excluded from core dumps and swap space, and wiped with the last copy.
#pragma once

#include <cstddef>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace tidemark {

class Secret {
 public:
  Secret() = default;
  // Wipes the given string.
  explicit Secret(std::string text);

  bool empty() const { return size_ == 0; }
  // The text itself, for the one place that sends it to its owner. The name is easy to search for.
  std::string_view reveal() const { return {text_.get(), size_}; }

  // fmt 10 and later use this one; << uses the other.
  friend std::string_view format_as(const Secret& secret) { return secret.empty() ? "" : "***"; }
  friend std::ostream& operator<<(std::ostream& out, const Secret& secret) { return out << format_as(secret); }

 private:
  std::shared_ptr<const char> text_;  // never changed, so copies share it
  std::size_t size_ = 0;
};

// For copies of a secret's text, once they were sent.
void wipe(std::string& text);

}  // namespace tidemark
