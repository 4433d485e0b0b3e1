// Secret: a password or key that cannot be printed by accident; every way to show it gives ***.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace tidemark {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  bool empty() const { return text_.empty(); }
  // The text itself: for the one place that hands it to its owner. Easy to search for, on purpose.
  const std::string& reveal() const { return text_; }

  // fmt 10 and later find this one; << finds the other.
  friend std::string_view format_as(const Secret& secret) { return secret.empty() ? "" : "***"; }
  friend std::ostream& operator<<(std::ostream& out, const Secret& secret) { return out << format_as(secret); }

 private:
  std::string text_;
};

}  // namespace tidemark
