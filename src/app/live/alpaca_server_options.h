// The options of `tidemark alpaca-server`.
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
  // The source of the market: recorded bars, the lake of a data directory, or else the simulator.
  std::vector<std::string> files;
  std::optional<std::filesystem::path> data;
  SymbolChoice symbols;
  std::uint64_t seed = 1;

  std::optional<EventTime> start;   // none: now; with recorded bars, their first minute
  std::optional<Duration> history;  // how much of the market lies before the start; none: a default
  AlpacaServerOptions server;       // the verb sets its start
  JournalOptions journal;
};

class OptionParser;

// Adds the options to a parser, with their help, and collects their values.
class AlpacaServerFlags {
 public:
  void add_to(OptionParser& verb);
  // Call it after parsing. Returns an error message if options contradict one another.
  std::optional<std::string> judge();
  AlpacaServerVerbOptions take() { return std::move(options_); }

 private:
  void add_faults(OptionParser& verb);

  AlpacaServerVerbOptions options_;
};

}  // namespace tidemark
