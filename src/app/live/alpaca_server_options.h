// What `tidemark alpaca-server` is asked to do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/command_line/option_parser.h"
#include "app/config/run_options.h"
#include "core/time/time.h"
#include "io/alpaca_server/alpaca_server.h"

namespace tidemark {

struct AlpacaServerVerbOptions {
  // Where the market comes from: recorded bars, the lake of a data directory, or else the simulator.
  std::vector<std::string> files;
  std::optional<std::filesystem::path> data;
  SymbolChoice symbols;
  std::uint64_t seed = 1;

  std::optional<EventTime> start;   // none: the wall's now; of bars that are there, their first minute
  std::optional<Duration> history;  // how much lies behind it; none: as much as is sensible
  AlpacaServerOptions server;       // its start is found by the verb
  JournalOptions journal;
};

class OptionParser;

// The options of the verb, with their help; to be parsed by `verb`.
class AlpacaServerFlags {
 public:
  void add_to(OptionParser& verb);
  // After the words were parsed. The sentence that says what does not go together.
  std::optional<std::string> judge();
  AlpacaServerVerbOptions take() { return std::move(options_); }

 private:
  void add_faults(OptionParser& verb);

  AlpacaServerVerbOptions options_;
};

}  // namespace tidemark
