// Registration role: keeps the tables of a metastore as the lake is, one step at a time.
//
//     examine and mend each table ─▶ partitions of new days, as they appear ─▶ sizes of days, one a step
//          ▲                                   │
//          └── after an error, and every ten minutes: others change the metastore, too
//
// It changes nothing of the lake, and nobody waits for it. A table that others have changed is an Error::setup, which
// names the cure; the other tables are registered all the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time/time.h"
#include "run/catalog/registration.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/lake_inventory.h"
#include "run/interfaces/metastore.h"

namespace tidemark {

struct RegistrationRoleOptions {
  Duration examine_every = std::chrono::minutes(10);
  Duration measure_every = std::chrono::minutes(5);  // the newest days of a table, which still grow
  Duration look_every = std::chrono::hours(6);       // whether the files of older days are others
};

class RegistrationRole {
 public:
  struct Count {
    std::uint64_t tables = 0, columns = 0, partitions = 0, sizes = 0;
  };

  RegistrationRole(Metastore& metastore, LakeInventory& lake, const Clock& clock, std::vector<CatalogTable> tables,
                   const RegistrationRoleOptions& options = {})
      : metastore_(metastore), lake_(lake), clock_(clock), wanted_(std::move(tables)), options_(options) {}

  // Returns how much it changed; 0 = the metastore is as the lake is.
  Result<std::size_t> do_work();

  const Count& count() const { return count_; }  // since the start
  // Days that the lake has and the metastore does not, when last seen.
  std::size_t waiting() const { return waiting_; }

 private:
  struct Known {
    TableReport report;
    std::map<std::string, EventTime> looked_at;  // days, and when
  };

  Result<std::size_t> examine_all();
  Result<std::size_t> add_new_days();
  Result<std::size_t> measure_some();
  Result<std::size_t> measure_some(Known& table, std::size_t most);
  Result<void> measure(Known& table, const std::string& day);
  std::size_t note(const TableReport& before, const TableReport& after);

  Metastore& metastore_;
  LakeInventory& lake_;
  const Clock& clock_;
  std::vector<CatalogTable> wanted_;
  RegistrationRoleOptions options_;
  std::vector<Known> tables_;
  std::optional<EventTime> examined_at_;
  std::size_t waiting_ = 0;
  Count count_;
};

}  // namespace tidemark
