#include "io/parquet/lake_of_log.h"

#include <fmt/format.h>

#include "io/parquet/lake_end.h"
#include "run/store_role.h"

namespace tidemark {

Result<void> check_lake_is_of_log(const Lake& lake, Log& log, const std::string& data) {
  const auto published = StoreRole::published_through(log);
  if (!published) return std::unexpected(published.error());
  for (const auto& [table, topic, through] : {std::tuple(LakeTable::Trends, Topic::Trends, published->trends),
                                              std::tuple(LakeTable::Bars, Topic::JudgedBars, published->bars)}) {
    const auto named = named_end(lake, table);
    if (!named) return std::unexpected(named.error());
    if (*named > through)
      return std::unexpected(Error::setup(fmt::format(
          "{0}/log.db is older than {0}/lake: by it, {2} is published up to offset {1}, and files of the lake go up to "
          "{3}; restore both from the same backup, or move log.db away, and a new one begins behind the lake",
          data, through, to_string(topic), *named)));
  }
  return {};
}

}  // namespace tidemark
