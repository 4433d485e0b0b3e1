// Secret: a password or key that cannot be printed by accident; every way to show it gives ***.
//
// Its text lies in pages of its own, which no core dump and no swap space gets, and which are wiped behind the last copy.
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
  // The string that is handed over is wiped.
  explicit Secret(std::string text);

  bool empty() const { return size_ == 0; }
  // The text itself: for the one place that hands it to its owner. Easy to search for, on purpose.
  std::string_view reveal() const { return {text_.get(), size_}; }

  // fmt 10 and later find this one; << finds the other.
  friend std::string_view format_as(const Secret& secret) { return secret.empty() ? "" : "***"; }
  friend std::ostream& operator<<(std::ostream& out, const Secret& secret) { return out << format_as(secret); }

 private:
  std::shared_ptr<const char> text_;  // never changed, so copies share it
  std::size_t size_ = 0;
};

// For what had to be copied out of a secret, once it has been sent.
void wipe(std::string& text);

}  // namespace tidemark
