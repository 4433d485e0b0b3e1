// Symbol → place of its series. Open addressing; symbols come and go with their open windows, so that
// nothing is kept of a symbol that is no more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/market/symbol_name.h"

namespace tidemark {

class SymbolTable {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  std::uint32_t find(const SymbolName& symbol) const;   // none if absent
  void insert(const SymbolName& symbol, std::uint32_t place);  // absent before
  void erase(const SymbolName& symbol);                 // present before
  std::size_t size() const { return size_; }

 private:
  struct Slot {
    SymbolName symbol;
    std::uint32_t place = none;
  };
  std::size_t home(const SymbolName& symbol) const { return symbol.hash() & (slots_.size() - 1); }
  std::size_t next(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(64);
  std::size_t size_ = 0;
};

}  // namespace tidemark
