// The symbols of a simulated market, from what was chosen on the command line.
#pragma once

#include <string>
#include <vector>

#include "app/config/run_options.h"
#include "core/simulator/simulator.h"

namespace tidemark {

inline std::vector<SimulatedSymbol> simulated_symbols(const SymbolChoice& choice) {
  if (choice.count) return numbered_simulated_symbols(*choice.count);
  if (choice.names.empty()) return default_simulated_symbols();
  std::vector<SimulatedSymbol> symbols;
  symbols.reserve(choice.names.size());
  for (const std::string& name : choice.names) symbols.push_back(simulated_symbol(name));
  return symbols;
}

}  // namespace tidemark
