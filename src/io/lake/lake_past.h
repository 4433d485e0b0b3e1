// LakePast: the stored days of the lake, whose bars can be read again.
#pragma once

#include <string>

#include "io/lake/lake.h"
#include "run/interfaces/past_days.h"

namespace tidemark {

class LakePast final : public PastDays {
 public:
  LakePast(Disk& disk, std::string folder) : lake_(disk, std::move(folder)) {}

  Result<std::vector<std::chrono::sys_days>> days() const override;
  Result<std::unique_ptr<PastBars>> open(EventTime from, EventTime to) const override;

 private:
  Lake lake_;
};

}  // namespace tidemark
