// An object of JSON whose values are texts.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "core/wire/encode.h"

namespace tidemark {

// {"name":"value","other":"value"}
inline void append_json_texts(std::initializer_list<std::pair<std::string_view, std::string_view>> members,
                              std::string& out) {
  char before = '{';
  for (const auto& [name, value] : members) {
    out += std::exchange(before, ',');
    append_json_string(name, out);
    out += ':';
    append_json_string(value, out);
  }
  out += '}';
}

}  // namespace tidemark
