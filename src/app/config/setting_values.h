// How what was said of a setting goes into a member of the options.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/config/value_text.h"
#include "io/config/setting.h"
#include "io/net/secret.h"

namespace tidemark::setting_values {

using Taken = std::expected<void, std::string>;  // or what the text must be
using Said = const Assignment&;

inline std::string_view text(Said said) { return said.texts.front(); }

template <typename Field, typename Value>
Taken put(Field& field, Meaning<Value> meaning) {
  if (!meaning) return std::unexpected(std::move(meaning).error());
  field = static_cast<Field>(std::move(*meaning));
  return {};
}

template <typename Field>
Taken put_text(Field& field, Said said) {
  field = said.texts.front();
  return {};
}

inline Taken put_list(std::vector<std::string>& field, Said said) {
  field = said.texts;
  return {};
}

inline Taken put_secret(Secret& field, Said said) {
  field = said.secret;
  return {};
}

}  // namespace tidemark::setting_values
