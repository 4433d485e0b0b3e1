// StoreReport: counts what a store has published, and journals repeated rows, which it left out: a line a publication.
#pragma once

#include "io/observe/metrics.h"
#include "run/interfaces/journal.h"
#include "run/roles/store_role.h"

namespace tidemark {

class StoreReport {
 public:
  StoreReport(Journal& journal, Metrics& metrics);

  // Call it after each step of the role. From any thread.
  void note(const StoreRole::Counts& counts);

 private:
  Journal& journal_;
  Counter& published_;
  Counter& repeated_;
};

}  // namespace tidemark
