#include "app/data_dir/gone_log.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <system_error>

#include "io/lake/lake_end.h"

namespace tidemark {

Result<std::optional<Error>> gone_log(const Lake& lake, const std::filesystem::path& data) {
  std::error_code ignored;
  if (std::filesystem::exists(data / "log.db", ignored)) return std::nullopt;
  const bool has_wal = std::filesystem::exists(data / "log.db-wal", ignored);
  Position published = 0;
  for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars}) {
    const auto end = named_end(lake, table);
    if (!end) return std::unexpected(end.error());
    published = std::max(published, *end);
  }
  if (published == 0 && !has_wal) return std::nullopt;
  const std::string file = (data / "log.db").string();
  return Error::permanent(fmt::format(
      "{0} is gone: {1}; bring it back{2}, restore a backup (`tidemark restore`), or {3}start `tidemark run`: a new "
      "log "
      "begins behind what the lake holds; with --without-log only the lake counts, as of one filled over Kafka",
      file, published > 0 ? fmt::format("{} holds what it has published", lake.folder()) : file + "-wal is still there",
      has_wal ? " beside its -wal" : "", has_wal ? "move log.db-wal away and " : ""));
}

}  // namespace tidemark
