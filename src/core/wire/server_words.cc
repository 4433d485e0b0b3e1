#include "core/wire/server_words.h"

#include "core/wire/json.h"

namespace tidemark {
namespace {

bool is_inside_a_letter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string server_words(std::string_view said, std::size_t most_bytes) {
  const bool is_cut = said.size() > most_bytes;
  std::size_t size = is_cut ? most_bytes : said.size();
  while (is_cut && size > 0 && is_inside_a_letter(said[size])) --size;
  std::string words(said.substr(0, size));
  const bool is_text = is_utf8(words);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto byte = static_cast<unsigned char>(words[i]);
    if (byte < ' ' || byte == 0x7F) words[i] = ' ';
    if (byte >= 0x80 && !is_text) words[i] = '?';
    // U+0080 to U+009F are control characters, too.
    if (is_text && byte == 0xC2 && i + 1 < words.size() && static_cast<unsigned char>(words[i + 1]) < 0xA0)
      words.replace(i, 2, "  ");
  }
  return is_cut ? words + "…" : words;
}

}  // namespace tidemark
