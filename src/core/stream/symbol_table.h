// Symbol → index of its series. Open addressing with eight bytes per symbol; the name itself is in the series, which
// the caller is about to read anyway. Symbols without open windows stay until the engine forgets them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/check.h"

namespace tidemark {

class SymbolTable {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  // The index of the symbol with this hash for which is_it(index) holds; `none` if absent.
  template <typename IsIt>
  std::uint32_t find(std::uint64_t hash, IsIt is_it) const {
    for (std::size_t slot = home(tag_of(hash)); slots_[slot].place != none; slot = next(slot))
      if (slots_[slot].tag == tag_of(hash) && is_it(slots_[slot].place)) return slots_[slot].place;
    return none;
  }
  // Cache hint: find() will be called with this hash.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[home(tag_of(hash))]); }
  void insert(std::uint64_t hash, std::uint32_t place);  // absent before
  void erase(std::uint64_t hash, std::uint32_t place);   // present before
  std::size_t size() const { return size_; }
  template <typename Take>
  void for_each(Take take) const {  // passes each index, in any order
    for (const Slot& slot : slots_)
      if (slot.place != none) take(slot.place);
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t place = none;
  };
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  std::size_t home(std::uint32_t tag) const { return tag & (slots_.size() - 1); }
  std::size_t next(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }
  void place_in_slot(Slot entry);
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(64);
  std::size_t size_ = 0;
};

}  // namespace tidemark
