// The command line: words in, what is asked for out. Nothing is done, read or printed here.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "app/alpaca_server_options.h"
#include "app/options.h"
#include "core/result.h"
#include "io/config/setting.h"

namespace tidemark {

// The flags of `run` as they were said; app/configuration.h puts them before what the files say.
struct RunRequest {
  Part part = Part::All;
  std::vector<Assignment> flags;
  std::optional<std::filesystem::path> config;
};

struct DoctorRequest {
  RunRequest run;  // of which run it should be judged
  bool json = false;
};

struct QueryRequest {
  QueryOptions options;  // its data directory is the run's
  RunRequest run;
};

struct CompactRequest {
  CompactVerbOptions options;  // its data directory is the run's
  RunRequest run;
};

struct WatermarkRequest {
  WatermarkVerbOptions options;  // its data directory is the run's
  RunRequest run;
};

struct ImportRequest {
  ImportOptions options;  // its data directory and windows are the run's
  RunRequest run;
};

struct BackfillRequest {
  BackfillOptions options;         // its data directory, windows and account are the run's
  std::optional<AlpacaFeed> feed;  // else the run's
  RunRequest run;
};

struct RecomputeRequest {
  RecomputeVerbOptions options;  // its data directory and windows are the run's
  RunRequest run;
};

struct RedriveRequest {
  RedriveVerbOptions options;  // its data directory is the run's
  RunRequest run;
};

struct VerifyRequest {
  VerifyOptions options;  // its data directory is the run's
  RunRequest run;
};

struct BackupRequest {
  BackupOptions options;  // its data directory is the run's
  RunRequest run;
};

struct RestoreRequest {
  RestoreOptions options;  // its data directory is the run's
  RunRequest run;
};

struct SymbolsRequest {
  SymbolsVerbOptions options;  // its run is that of the configuration
  RunRequest run;
};

struct TopicsRequest {
  TopicsVerbOptions options;  // its run is that of the configuration
  RunRequest run;
};

struct VersionRequest {
  bool json = false;
};

struct HelpRequest {
  std::string text;  // ready to be printed
};

using Command = std::variant<RunRequest, TrendsOptions, SimulateOptions, AlpacaServerVerbOptions, QueryRequest,
                             CompactRequest, WatermarkRequest, ImportRequest, BackfillRequest, RecomputeRequest,
                             RedriveRequest, SymbolsRequest, TopicsRequest, TokenVerbOptions, DoctorRequest,
                             VerifyRequest, BackupRequest, RestoreRequest, VersionRequest, HelpRequest>;

// `words` without the program's name. Every error is Error::setup, and names the nearest verb or option where
// one comes close.
Result<Command> parse_command_line(std::span<const std::string> words);

}  // namespace tidemark
