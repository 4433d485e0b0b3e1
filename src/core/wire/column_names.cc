#include "core/wire/column_names.h"

namespace tidemark {

static_assert(usual_names.size() == static_cast<std::size_t>(FieldName::Feed) + 1);

std::string letters_and_digits(std::string_view name) {
  std::string text;
  for (const char c : name)
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) text += c;
  return text;
}

std::string bare_name(std::string_view name) {
  std::string text = letters_and_digits(name);
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace tidemark
