// Console: prints trends to standard output as they are committed, for people or for a pipe.
//
//     analyze ─▶ committed ─▶ rows that wait (bounded) ─▶ a thread that writes ─▶ standard output
//
// The run never waits for the reader. If too many rows wait, rows are dropped, and the journal counts them. If the
// reader goes away, the console ends, but not the run.
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
  std::chrono::milliseconds time_to_finish{2'000};  // to write the rows that wait at the end
};

class Console final : public LiveSink {
 public:
  // `next` gets each batch before the console prints it; may be null. Journal and `next` outlive the console.
  Console(ConsoleOptions options, Journal& journal, LiveSink* next);
  ~Console() override { finish(); }
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  void committed(LiveBatch batch) override;  // from any thread
  // Writes waiting rows for a limited time, then stops. A second call does nothing.
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
  std::uint64_t left_out_ = 0;  // not yet reported
  std::chrono::steady_clock::time_point next_line_{};
  bool is_closed_ = false, is_ending_ = false;
  std::chrono::steady_clock::time_point deadline_{};
  std::thread thread_;
};

}  // namespace tidemark
