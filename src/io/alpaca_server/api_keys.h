// ApiKeys: the accepted pairs of key and secret. Without any, every pair is accepted.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark {

struct ApiKey {
  std::string key, secret;
};

class ApiKeys {
 public:
  explicit ApiKeys(std::vector<ApiKey> known) : known_(std::move(known)) {}

  bool are_set() const { return !known_.empty(); }
  bool knows(std::string_view key, std::string_view secret) const {
    if (!are_set()) return !key.empty() && !secret.empty();
    return std::ranges::any_of(
        known_, [&](const ApiKey& each) { return (difference(each.key, key) | difference(each.secret, secret)) == 0; });
  }

 private:
  // 0 if equal. The time does not depend on the number of matching characters.
  static unsigned difference(std::string_view known, std::string_view given) {
    unsigned differing = known.size() == given.size() ? 0 : 1;
    for (std::size_t i = 0; i < given.size(); ++i) {
      const char expected = known.empty() ? '\0' : known[i % known.size()];
      differing |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(expected);
    }
    return differing;
  }

  std::vector<ApiKey> known_;
};

}  // namespace tidemark
