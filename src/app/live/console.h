// The console: trends on standard output as they are committed, for eyes or for a pipe.
//
//     analyze ─▶ committed ─▶ rows that wait (bounded) ─▶ a thread that writes ─▶ standard output
//
// Nothing waits for a reader: where too much waits, rows are left out, and the journal says how many. A reader that has
// gone ends the console, and not the run.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "app/config/run_options.h"
#include "run/interfaces/journal.h"
#include "run/interfaces/live.h"

namespace tidemark {

struct ConsoleOptions {
  ConsoleFormat format = ConsoleFormat::Json;
  bool updates = false;
  int descriptor = 1;
  std::size_t most_waiting_bytes = 64 * 1024 * 1024;
  std::chrono::milliseconds time_to_finish{2'000};  // for rows that wait at the end
};

class Console final : public LiveSink {
 public:
  // `next` is told what the console is told, before it; may be null. Both outlive the console.
  Console(ConsoleOptions options, Journal& journal, LiveSink* next);
  ~Console() override { finish(); }
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  void committed(LiveBatch batch) override;  // from any thread
  // Writes what waits, for a while; then nothing more. A second call does nothing.
  void finish();

 private:
  void work();
  bool write(std::string_view rows);
  void close(std::string why);
  void tell_left_out(bool at_once);

  ConsoleOptions options_;
  Journal& journal_;
  LiveSink* next_;
  bool has_colour_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string waiting_;
  std::uint64_t waiting_rows_ = 0;
  std::uint64_t left_out_ = 0;  // not told yet
  std::chrono::steady_clock::time_point next_line_{};
  bool is_closed_ = false, is_ending_ = false;
  std::chrono::steady_clock::time_point deadline_{};
  std::thread thread_;
};

}  // namespace tidemark
