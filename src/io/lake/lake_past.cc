#include "io/lake/lake_past.h"

#include <utility>

#include "io/lake/lake_bars.h"

namespace tidemark {
namespace {

class BarsByTime final : public PastBars {
 public:
  explicit BarsByTime(LakeBars bars) : bars_(std::move(bars)) {}

  std::size_t size() const override { return bars_.size(); }
  EventTime time(std::size_t bar) const override { return bars_.time(bar); }
  Result<const Bar*> next() override { return bars_.next(); }
  void rewind() override { bars_.rewind(); }

 private:
  LakeBars bars_;
};

}  // namespace

Result<std::vector<std::chrono::sys_days>> LakePast::days() const { return lake_.days(LakeTable::Bars); }

Result<std::unique_ptr<PastBars>> LakePast::open(EventTime from, EventTime to) const {
  auto bars = LakeBars::open_by_time(lake_, from, to);
  if (!bars) return std::unexpected(bars.error());
  return std::make_unique<BarsByTime>(std::move(*bars));
}

}  // namespace tidemark
