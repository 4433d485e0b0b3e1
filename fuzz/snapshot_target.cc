// Snapshots: any bytes are refused with an error, or give a working machine whose own snapshot gives a machine that
// behaves the same from there on. The input is the part between header and checksum, because a fuzzer would never guess
// the checksum.
#include <string>
#include <vector>

#include "core/check.h"
#include "core/pipeline/machine.h"
#include "core/signal/summary.h"
#include "core/stream/snapshot.h"
#include "core/wire/encode.h"
#include "fuzz/target.h"

namespace tidemark::fuzz {
namespace {

class Said : public Effects {
 public:
  void judged(const Bar& bar, Verdict verdict) override { append_judged_bar(bar, verdict, 0, text); }
  void rejected(const Reject& reject) override { text += to_string(reject.reason); }
  void closed(const WindowState& state) override { tell(state, TrendStatus::Final); }
  void changed(const WindowState& state) override { tell(state, TrendStatus::Update); }
  std::string text;

 private:
  void tell(const WindowState& state, TrendStatus status) {
    Trend trend;
    summarize(state, status, trend);
    append_trend(trend, text);
  }
};

std::string framed(std::string_view fields) {
  std::string bytes = "TMSN";
  bytes += {static_cast<char>(snapshot_version), 0, 0, 0};
  bytes += fields;
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  for (int i = 0; i < 8; ++i, hash >>= 8) bytes += static_cast<char>(hash & 0xff);
  return bytes;
}

std::string bar(std::string_view symbol, std::string_view time, int close) {
  return R"({"symbol":")" + std::string(symbol) + R"(","timestamp":")" + std::string(time) +
         R"(","open":100,"high":200,"low":50,"close":)" + std::to_string(close) + R"(,"volume":7.5,"vwap":99.5})";
}

// The effects of a machine over a day that continues.
std::string goes_on(Machine& machine) {
  Said said;
  machine.track_changes();
  machine.mark_open_windows();
  machine.emit_changes(said);
  for (const std::string_view time : {"2026-01-05T14:30:00Z", "2026-01-05T14:31:00Z", "2026-01-05T14:39:30Z"})
    for (const int close : {100, 101, 101}) machine.apply(bar(close == 100 ? "AAPL" : "B", time, close), said);
  machine.emit_changes(said);
  machine.lower_watermark(event_time_from_nanos(1'767'623'400'000'000'000));  // 2026-01-05T14:30:00Z
  machine.apply(bar("B", "2026-01-05T14:32:00Z", 102), said);
  machine.emit_changes(said);
  machine.end(said);
  CHECK(machine.account().adds_up());
  return said.text + machine.snapshot();
}

void restore(std::string_view snapshot, const WindowSpec& spec) {
  auto machine = Machine::restore(snapshot, spec);
  if (!machine) {
    CHECK(!machine.error().message().empty());
    return;
  }
  const std::string again = machine->snapshot();
  auto twin = Machine::restore(again, spec);
  CHECK(twin.has_value());
  CHECK(twin->snapshot() == again);
  CHECK(goes_on(*machine) == goes_on(*twin));
}

const Registered snapshot("snapshot", [](std::string_view bytes) {
  using namespace std::chrono_literals;
  restore(bytes, WindowSpec{});
  restore(framed(bytes), WindowSpec{});
  restore(framed(bytes), WindowSpec{.size = 10s, .slide = 10s, .delay = 0s});
});

}  // namespace
}  // namespace tidemark::fuzz
