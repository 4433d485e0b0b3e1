// Measures the records per second of the decoder, by the form of the records. One item is one record.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "core/check.h"
#include "core/wire/decode.h"
#include "core/wire/encode.h"
#include "market.h"

namespace tidemark {
namespace {

using Rewrite = std::string (*)(const std::string&);

std::string as_written_here(const std::string& record) { return record; }

// The form of Python's json.dumps: a space after each comma and colon between values.
std::string with_blanks(const std::string& record) {
  std::string spaced;
  bool in_string = false;
  for (const char c : record) {
    spaced += c;
    if (c == '"') in_string = !in_string;
    if (!in_string && (c == ',' || c == ':')) spaced += ' ';
  }
  return spaced;
}

// The first letter of the symbol as an escape. Every simulated symbol begins with S.
std::string with_an_escape(const std::string& record) {
  constexpr std::string_view plain = R"("symbol":"S)", escaped = R"("symbol":"\u0053)";
  const auto at = record.find(plain);
  CHECK(at != std::string::npos);
  return std::string(record).replace(at, plain.size(), escaped);
}

void decode(benchmark::State& state, Rewrite rewrite) {
  const Market market({.symbols = 1'000, .minutes = 20});
  std::vector<std::string> records;
  std::int64_t bytes = 0;
  for (const Bar& bar : market.bars()) {
    std::string record;
    append_bar(bar, record);
    records.push_back(rewrite(record));
    bytes += static_cast<std::int64_t>(records.back().size());
  }
  Decoder decoder;
  Decoded decoded;
  for ([[maybe_unused]] auto _ : state) {
    for (const std::string& record : records) {
      decoder.decode(record, decoded);
      CHECK(std::holds_alternative<Bar>(decoded));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(records.size()));
  state.SetBytesProcessed(state.iterations() * bytes);
}

BENCHMARK_CAPTURE(decode, plain, as_written_here)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, blanks, with_blanks)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, escape, with_an_escape)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tidemark
