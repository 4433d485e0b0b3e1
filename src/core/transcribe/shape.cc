#include "core/transcribe/shape.h"

#include <algorithm>
#include <array>

#include "core/transcribe/json_walk.h"
#include "core/wire/json.h"

namespace tidemark {
namespace {

struct Magic {
  std::string_view bytes, hint;
};
constexpr std::array magics{
    Magic{"\xff\xfe", "this is UTF-16; make it UTF-8: iconv -f UTF-16 -t UTF-8 FILE"},
    Magic{"\xfe\xff", "this is UTF-16; make it UTF-8: iconv -f UTF-16 -t UTF-8 FILE"},
    Magic{"\xef\xbb\xbf", "a byte order mark stands in the middle of the input; leave it out"},
    Magic{"PAR1", "this is Parquet, which `tidemark import` reads"},
    Magic{"ARROW1", "this is Feather (Arrow IPC); write it as Parquet, which `tidemark import` reads"},
    Magic{"FEA1", "this is Feather; write it as Parquet, which `tidemark import` reads"},
    Magic{"\xfd"
          "7zXZ",
          "this is xz; unpack it: xz -dc FILE | tidemark … -"},
    Magic{"BZh", "this is bzip2; unpack it: bzip2 -dc FILE | tidemark … -"},
    Magic{"\x04\x22\x4d\x18", "this is LZ4; unpack it: lz4 -dc FILE | tidemark … -"},
    Magic{"7z\xbc\xaf", "this is 7-Zip; unpack it: 7z x -so FILE | tidemark … -"},
    Magic{"\xd0\xcf\x11\xe0", "this is a workbook; save it as CSV, which `tidemark import` reads"},
    Magic{"SQLite format 3", "this is an SQLite database; write its rows as JSON lines or CSV"},
    // Not any "<", because tables of Stooq and MetaTrader begin with <TICKER> and <DATE>.
    Magic{"<!", "this is HTML or XML, perhaps a page that says why there are no bars"},
    Magic{"<?", "this is HTML or XML, perhaps a page that says why there are no bars"},
    Magic{"<html", "this is HTML or XML, perhaps a page that says why there are no bars"},
    Magic{"<HTML", "this is HTML or XML, perhaps a page that says why there are no bars"},
};

bool has_number(std::string_view quoted) {
  const std::string_view bare = inside_quotes(quoted);
  return !bare.empty() && end_of_number(bare.data(), bare.data() + bare.size()) == bare.data() + bare.size();
}

std::string_view hint_for_object(const Reject& reject, std::string_view object) {
  if (reject.reason == Reason::WrongType) {
    const std::string_view value = json_member(object, reject.field);
    if (has_number(value))
      return "its numbers are strings, but JSON lines need plain numbers (contract 2.1); CSV may quote them";
    if (reject.field == "timestamp")
      return "its times are numbers, but JSON lines need 2026-01-05T14:30:00Z (contract 2.3)";
    return {};
  }
  const auto has = [&](std::string_view name) { return object.find(name) != object.npos; };
  if (has(R"("bars")") || has(R"("results")"))
    return "this is a whole answer of a server; use --format alpaca or polygon";
  if (has(R"("T")") && has(R"("S")")) return "these are messages of Alpaca's stream; use --format alpaca";
  if (has(R"("ev")")) return "these are messages of Polygon's stream; use --format polygon";
  if (has(R"("e")") && has(R"("k")")) return "these are messages of Binance's stream; use --format binance";
  return {};
}

bool is_line_of_cells(std::string_view record) {
  for (const char separator : {',', ';', '\t', '|'})
    if (std::ranges::count(record, separator) >= 4) return true;
  return false;
}

}  // namespace

std::string_view hint_for_bytes(std::string_view beginning) {
  for (const Magic& magic : magics)
    if (beginning.starts_with(magic.bytes)) return magic.hint;
  if (std::ranges::count(beginning, '\0') > static_cast<std::ptrdiff_t>(beginning.size() / 3))
    return "this is UTF-16; make it UTF-8: iconv -f UTF-16 -t UTF-8 FILE";
  return {};
}

std::string_view hint_for(const Reject& reject, std::string_view record) {
  if (const std::string_view hint = hint_for_bytes(record); !hint.empty()) return hint;
  const std::size_t first = record.find_first_not_of(" \t\r");
  if (first == record.npos) return {};
  record.remove_prefix(first);
  if (record.front() == '{') return hint_for_object(reject, record);
  if (record.front() == '[') {
    const std::size_t next = record.find_first_not_of(" \t\r", 1);
    if (next == record.npos || record[next] == '[' || record[next] == '"' ||
        (record[next] >= '0' && record[next] <= '9'))
      return "these are lists without a symbol; name it with --symbol NAME (import: --columns symbol=@NAME)";
    return "this is an array, and every bar is a line: jq -c .[] FILE | tidemark … -";
  }
  const bool is_text = is_utf8(record) && std::ranges::none_of(record, [](char c) {
                         return static_cast<unsigned char>(c) < ' ' && c != '\t';
                       });
  if (!is_text) return "this is not text";
  return is_line_of_cells(record) ? "this is CSV, which `tidemark import` reads" : "this is not JSON";
}

}  // namespace tidemark
