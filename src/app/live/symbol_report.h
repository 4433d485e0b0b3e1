// What is told of a feed's symbols, as JSON: POST and GET /api/v1/symbols/chosen, and `tidemark symbols --json`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {

struct SymbolReport {
  std::string feed;
  bool chosen = false;  // at run time; else by the settings
  SymbolList symbols;
  std::vector<std::string> told;  // names of a change that changed nothing
};

std::string write_report(const SymbolReport& report);
Result<SymbolReport> read_report(std::string_view json);

// {"add":["A","B"]}, {"remove":[…]}, {"set":[…]} or {"reset":true}. Error::setup says what is wrong.
std::string write_change(const SymbolChange& change);
Result<SymbolChange> read_change(std::string_view json);

}  // namespace tidemark
