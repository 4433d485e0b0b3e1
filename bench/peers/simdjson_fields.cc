// A yardstick: simdjson reads the same fields of the same lines and adds them up. It checks records only as far as
// simdjson needs, and has no windows and no output. Numbers become doubles, times stay text.
//
// Usage: simdjson_fields FILE. The file is read in pieces, as in `tidemark trends`.
#include <simdjson.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace {

struct Sums {
  double prices = 0, volume = 0;
  std::size_t text_bytes = 0, bars = 0;
};

void read_bar(simdjson::ondemand::document_reference& document, Sums& sums) {
  auto bar = document.get_object();
  for (const char* name : {"symbol", "timestamp"}) sums.text_bytes += std::string_view(bar[name]).size();
  for (const char* name : {"open", "high", "low", "close"}) sums.prices += double(bar[name]);
  sums.volume += double(bar["volume"]);
  for (const char* name : {"vwap", "price_change", "pct_change"}) sums.prices += double(bar[name]);
  for (const char* name : {"direction", "feed"}) sums.text_bytes += std::string_view(bar[name]).size();
  ++sums.bars;
}

}  // namespace

int main(int argc, char** argv) {
  std::FILE* const file = argc == 2 ? std::fopen(argv[1], "rb") : nullptr;
  if (file == nullptr) return 2;
  constexpr std::size_t piece = 4 << 20;
  std::string buffer;
  simdjson::ondemand::parser parser;
  Sums sums;
  for (std::size_t kept = 0;;) {
    buffer.resize(kept + piece + simdjson::SIMDJSON_PADDING);
    const std::size_t read = std::fread(buffer.data() + kept, 1, piece, file);
    if (read == 0) break;
    const std::size_t filled = kept + read;
    const auto* const last_lf = static_cast<const char*>(memrchr(buffer.data(), '\n', filled));
    const std::size_t whole = last_lf ? static_cast<std::size_t>(last_lf - buffer.data()) + 1 : 0;
    simdjson::ondemand::document_stream stream;
    if (parser.iterate_many(buffer.data(), whole, piece).get(stream) != simdjson::SUCCESS) return 1;
    for (auto&& document : stream) {
      simdjson::ondemand::document_reference bar;
      if (std::move(document).get(bar) == simdjson::SUCCESS) read_bar(bar, sums);
    }
    kept = filled - whole;
    std::memmove(buffer.data(), buffer.data() + whole, kept);
  }
  std::printf("%zu bars %zu %.4f %.4f\n", sums.bars, sums.text_bytes, sums.prices, sums.volume);
  return 0;
}
