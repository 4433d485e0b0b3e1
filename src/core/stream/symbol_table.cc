#include "core/stream/symbol_table.h"

#include <utility>

#include "core/check.h"

namespace tidemark {

std::uint32_t SymbolTable::find(const SymbolName& symbol) const {
  for (std::size_t slot = home(symbol);; slot = next(slot))
    if (slots_[slot].place == none || slots_[slot].symbol == symbol) return slots_[slot].place;
}

void SymbolTable::insert(const SymbolName& symbol, std::uint32_t place) {
  if ((size_ + 1) * 2 > slots_.size()) grow();
  std::size_t slot = home(symbol);
  while (slots_[slot].place != none) slot = next(slot);
  slots_[slot] = {symbol, place};
  ++size_;
}

// Moves later symbols of the same run up, so that no search stops short at the hole.
void SymbolTable::erase(const SymbolName& symbol) {
  std::size_t hole = home(symbol);
  while (!(slots_[hole].symbol == symbol)) {
    CHECK(slots_[hole].place != none);
    hole = next(hole);
  }
  for (std::size_t slot = next(hole); slots_[slot].place != none; slot = next(slot)) {
    const std::size_t mask = slots_.size() - 1;
    const std::size_t way_from_home = (slot - home(slots_[slot].symbol)) & mask;
    const std::size_t way_from_hole = (slot - hole) & mask;
    if (way_from_home < way_from_hole) continue;  // it would leave its run
    slots_[hole] = slots_[slot];
    hole = slot;
  }
  slots_[hole] = Slot{};
  --size_;
}

void SymbolTable::grow() {
  std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
  for (const Slot& entry : old) {
    if (entry.place == none) continue;
    std::size_t slot = home(entry.symbol);
    while (slots_[slot].place != none) slot = next(slot);
    slots_[slot] = entry;
  }
}

}  // namespace tidemark
