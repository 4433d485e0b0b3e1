#include "io/lake/lake_of_log.h"

#include <fmt/format.h>

#include "io/lake/each_file.h"
#include "run/roles/store_role.h"

namespace tidemark {

namespace {

// Published files end at the position, and files of the current intent begin there. A file that spans the position was
// merged from rows that the log does not know to be published.
bool is_known(const LakeFile& file, const StoreRole::Published& published) {
  if (file.imported > 0 || file.to <= published.position) return true;
  return file.from >= published.position && file.to <= published.intended;
}

Result<void> check_table(const Lake& lake, LakeTable table, const StoreRole::Published& published,
                         const std::string& data) {
  return each_file(lake, table, [&](LakeDay day, const LakeFile& file) -> Result<void> {
    if (is_known(file, published)) return {};
    return std::unexpected(Error::setup(fmt::format(
        "{0}/log.db is older than {0}/lake: by it, {1} are published up to offset {2}, and {3} goes up to {4}; "
        "restore both from the same backup, or move log.db away, and a new one begins behind the lake",
        data, to_string(table), published.position, lake.path_of(table, day, file.name), file.to)));
  });
}

}  // namespace

Result<void> check_lake_is_of_log(const Lake& lake, Log& log, const std::string& data) {
  const auto published = StoreRole::published_rows(log);
  if (!published) return std::unexpected(published.error());
  if (auto known = check_table(lake, LakeTable::Trends, published->trends, data); !known) return known;
  return check_table(lake, LakeTable::Bars, published->bars, data);
}

}  // namespace tidemark
