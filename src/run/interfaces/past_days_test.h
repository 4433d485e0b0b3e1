// Stored days in memory.
#pragma once

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "run/interfaces/past_days.h"

namespace tidemark {

struct MemoryBar {
  std::string symbol;
  BarValues values;
};

class MemoryPast final : public PastDays {
 public:
  // By time, then symbol.
  void add(std::string symbol, EventTime time, std::int64_t close) {
    BarValues values;
    values.time = time;
    values.open = values.high = values.low = values.close = Price{close};
    values.volume = Decimal{close};
    bars_.push_back({std::move(symbol), values});
  }
  const std::vector<MemoryBar>& bars() const { return bars_; }

  Result<std::vector<std::chrono::sys_days>> days() const override {
    std::set<std::chrono::sys_days> days;
    for (const MemoryBar& bar : bars_) days.insert(std::chrono::floor<std::chrono::days>(bar.values.time));
    return std::vector(days.begin(), days.end());
  }
  Result<std::unique_ptr<PastBars>> open(EventTime from, EventTime to) const override {
    std::vector<MemoryBar> chosen;
    std::ranges::copy_if(bars_, std::back_inserter(chosen),
                         [&](const MemoryBar& bar) { return bar.values.time >= from && bar.values.time < to; });
    return std::make_unique<Chosen>(std::move(chosen));
  }

 private:
  class Chosen final : public PastBars {
   public:
    explicit Chosen(std::vector<MemoryBar> bars) : bars_(std::move(bars)) {}
    std::size_t size() const override { return bars_.size(); }
    EventTime time(std::size_t bar) const override { return bars_[bar].values.time; }
    Result<const Bar*> next() override {
      if (next_ == bars_.size()) return nullptr;
      const MemoryBar& bar = bars_[next_++];
      bar_ = {bar.symbol, std::nullopt, bar.values};
      return &bar_;
    }
    void rewind() override { next_ = 0; }

   private:
    std::vector<MemoryBar> bars_;
    std::size_t next_ = 0;
    Bar bar_;
  };

  std::vector<MemoryBar> bars_;
};

}  // namespace tidemark
