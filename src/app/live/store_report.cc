#include "app/live/store_report.h"

#include <string>

namespace tidemark {

StoreReport::StoreReport(Journal& journal, Metrics& metrics)
    : journal_(journal),
      published_(metrics.counter("tidemark_published_rows_total", "Rows that went to the lake since the start.")),
      repeated_(metrics.counter("tidemark_repeated_rows_total",
                                "Rows of the log that the lake had already, since the start.")) {}

void StoreReport::note(const StoreRole::Counts& counts) {
  published_.add(static_cast<double>(counts.published));
  if (counts.repeated() == 0) return;
  repeated_.add(static_cast<double>(counts.repeated()));
  journal_.info("store.repeated", {{"trends", std::to_string(counts.repeated_trends)},
                                   {"bars", std::to_string(counts.repeated_bars)},
                                   {"why", "the lake has them: their writer delivers at least once"}});
}

}  // namespace tidemark
