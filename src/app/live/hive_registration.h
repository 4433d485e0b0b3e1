// HiveRegistration: the registration role of a process that publishes, on a thread of its own.
//
// Publishing never waits for it. A failure is retried, counted and told; it makes nothing unready, because the lake is
// whole without it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/config/run_options.h"
#include "app/data_dir/hive_place.h"
#include "app/data_dir/lake_place.h"
#include "app/process/agent.h"
#include "io/observe/metrics.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/journal.h"
#include "run/interfaces/store.h"
#include "run/roles/registration_role.h"

namespace tidemark {

class HiveRegistration {
 public:
  // The setting hive is set. `tell` gets the reason why the metastore lags, or none when it no longer does; it is called on
  // this agent's thread. All references outlive it.
  using Tell = std::function<void(const std::optional<std::string>& reason)>;
  HiveRegistration(const RunOptions& options, const LakePlace& place, const Clock& clock, Journal& journal,
                   Metrics& metrics, Tell tell);

  void start() { agent_.start(); }
  // Something was published.
  void notify() { wake_.notify(); }
  // Registers what was published last, if the metastore answers, and ends.
  void finish();

 private:
  Result<std::size_t> work();
  Result<void> open();
  void count(std::size_t changed);

  const RunOptions& options_;
  const LakePlace& place_;
  const Clock& clock_;
  Journal& journal_;
  std::unique_ptr<LakeInventory> lake_;
  std::unique_ptr<Metastore> metastore_;
  std::optional<RegistrationRole> role_;
  Counter &partitions_, &sizes_, &failures_;
  Gauge &waiting_, &registered_at_;
  WakeSignal wake_;
  Agent agent_;
};

// A store that tells the registration of each publication.
class RegisteredStore final : public Store {
 public:
  // Both outlive it.
  RegisteredStore(Store& store, HiveRegistration& registration) : store_(store), registration_(registration) {}

  Result<StoredRows> find(const Publication& rows) const override { return store_.find(rows); }
  std::vector<std::string> files(const Publication& publication) const override { return store_.files(publication); }
  Result<void> publish(const Publication& publication) override {
    auto published = store_.publish(publication);
    if (published) registration_.notify();
    return published;
  }
  Result<void> take_over(Position from, Position to) override { return store_.take_over(from, to); }

 private:
  Store& store_;
  HiveRegistration& registration_;
};

}  // namespace tidemark
