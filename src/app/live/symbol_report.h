// SymbolReport: a feed's symbols as JSON, for POST and GET /api/v1/symbols/chosen and for `tidemark symbols --json`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {

struct SymbolReport {
  std::string feed;
  bool chosen = false;  // true: at run time; false: by the settings
  SymbolList symbols;
  std::vector<std::string> told;  // one sentence for each name that changed nothing
};

std::string write_report(const SymbolReport& report);
Result<SymbolReport> read_report(std::string_view json);

// {"add":["A","B"]}, {"remove":[…]}, {"set":[…]} or {"reset":true}. Error::setup names the fault.
std::string write_change(const SymbolChange& change);
Result<SymbolChange> read_change(std::string_view json);

}  // namespace tidemark
