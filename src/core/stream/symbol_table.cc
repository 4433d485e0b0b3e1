#include "core/stream/symbol_table.h"

#include <utility>

namespace tidemark {

void SymbolTable::insert(std::uint64_t hash, std::uint32_t place) {
  CHECK(place != none);
  if ((size_ + 1) * 2 > slots_.size()) grow();
  place_in_slot({tag_of(hash), place});
  ++size_;
}

// Moves later entries of the same run up, so that no search stops early at the hole.
void SymbolTable::erase(std::uint64_t hash, std::uint32_t place) {
  std::size_t hole = home(tag_of(hash));
  while (slots_[hole].place != place) {
    CHECK(slots_[hole].place != none);
    hole = next(hole);
  }
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = next(hole); slots_[slot].place != none; slot = next(slot)) {
    const std::size_t way_from_home = (slot - home(slots_[slot].tag)) & mask;
    const std::size_t way_from_hole = (slot - hole) & mask;
    if (way_from_home < way_from_hole) continue;  // it would leave its run
    slots_[hole] = slots_[slot];
    hole = slot;
  }
  slots_[hole] = Slot{};
  --size_;
}

void SymbolTable::place_in_slot(Slot entry) {
  std::size_t slot = home(entry.tag);
  while (slots_[slot].place != none) slot = next(slot);
  slots_[slot] = entry;
}

void SymbolTable::grow() {
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
  for (const Slot& entry : old)
    if (entry.place != none) place_in_slot(entry);
}

}  // namespace tidemark
