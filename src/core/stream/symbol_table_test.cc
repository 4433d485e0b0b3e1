// Inserts and erases symbols, and compares the table with std::map: with good hashes, and with hashes that all collide.
#include "core/stream/symbol_table.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "core/market/symbol_name.h"
#include "core/simulator/random.h"

namespace tidemark {
namespace {

using Hash = std::uint64_t (*)(std::string_view);

std::uint64_t good_hash(std::string_view name) { return SymbolName(name).hash(); }
std::uint64_t few_hashes(std::string_view name) { return static_cast<std::uint64_t>(name.size()) << 32 | name.size(); }
// Every home slot is near the end of the table, so that runs wrap around.
std::uint64_t last_slots(std::string_view name) { return (UINT64_MAX - name.size() % 3) << 32; }

class Compared {
 public:
  explicit Compared(Hash hash) : hash_(hash) {}

  void toggle(const std::string& name) {
    if (const auto entry = right_.find(name); entry != right_.end()) {
      table_.erase(hash_(name), entry->second);
      free_.push_back(entry->second);
      right_.erase(entry);
      return;
    }
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(names_.size()));
      names_.emplace_back();
    }
    const std::uint32_t place = free_.back();
    free_.pop_back();
    names_[place] = name;
    table_.insert(hash_(name), place);
    right_[name] = place;
  }

  void expect_same(const std::vector<std::string>& all) const {
    ASSERT_EQ(table_.size(), right_.size());
    for (const std::string& name : all) {
      const std::uint32_t found = table_.find(hash_(name), [&](std::uint32_t place) { return names_[place] == name; });
      const auto entry = right_.find(name);
      ASSERT_EQ(found, entry == right_.end() ? SymbolTable::none : entry->second) << name;
    }
  }

 private:
  Hash hash_;
  SymbolTable table_;
  std::map<std::string, std::uint32_t> right_;
  std::vector<std::string> names_;
  std::vector<std::uint32_t> free_;
};

void come_and_go(Hash hash, std::size_t symbols, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::string> all;
  for (std::size_t i = 0; i < symbols; ++i) all.push_back(std::string(1 + i % 7, 'A') + std::to_string(i));
  Compared compared(hash);
  for (int step = 0; step < 3'000; ++step) {
    compared.toggle(all[static_cast<std::size_t>(random.next() % symbols)]);
    if (step % (symbols > 100 ? 50 : 1) == 0) compared.expect_same(all);
    if (testing::Test::HasFatalFailure()) return;
  }
  compared.expect_same(all);
}

TEST(SymbolTable, FindsWhatAMapFinds) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    come_and_go(good_hash, 20, seed);
    come_and_go(good_hash, 2'000, seed);
    come_and_go(few_hashes, 40, seed);
    come_and_go(last_slots, 40, seed);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

// Twelve bits of names in 32 bytes: names that differ in one place must not collide.
TEST(SymbolName, HashesAndComparesEveryByte) {
  for (std::size_t place = 0; place < 32; ++place) {
    std::string a(32, 'A'), b = a;
    b[place] = 'B';
    EXPECT_NE(SymbolName(a).hash() >> 32, SymbolName(b).hash() >> 32) << place;
    EXPECT_TRUE(SymbolName(a) < SymbolName(b)) << place;
    EXPECT_FALSE(SymbolName(a) == SymbolName(b)) << place;
    EXPECT_EQ(SymbolName(b).text(), b);
  }
  EXPECT_TRUE(SymbolName("A") < SymbolName("A!"));
  EXPECT_TRUE(SymbolName("A~") < SymbolName("B"));
  EXPECT_EQ(SymbolName("").text(), "");
}

}  // namespace
}  // namespace tidemark
