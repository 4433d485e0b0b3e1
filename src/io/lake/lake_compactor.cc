#include "io/lake/lake_compactor.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/check.h"
#include "io/lake/days_due.h"
#include "io/lake/lake_rows.h"
#include "io/lake/row_copy.h"

namespace tidemark {
namespace {

class LakeCompactor final : public Compactor {
 public:
  LakeCompactor(const Lake& lake, const LakeCompactorOptions& options) : lake_(lake), options_(options) {}

  Result<std::vector<DayOfTable>> due(std::chrono::sys_days end, const Published& published,
                                      std::size_t least_files) override {
    return days_due(lake_, end, [&](LakeTable table, LakeDay day) -> Result<bool> {
      // A folder with a foreign file is reported by compact().
      const auto files = lake_.files(table, day);
      return !files || to_merge(table, *files, published).size() >= std::max<std::size_t>(least_files, 2);
    });
  }

  Result<Compacted> compact(const DayOfTable& which, const Published& published) override {
    const LakeTable table = table_of(which);
    const auto restating = lake_.lock_restating(Disk::Wait::No);
    if (!restating) return std::unexpected(restating.error());
    const auto files = lake_.files(table, which.day);
    if (!files) return std::unexpected(files.error());
    const std::vector<LakeFile> merged = to_merge(table, *files, published);
    if (merged.size() < 2) return Compacted{};
    auto done = merge(table, which.day, *files, merged);
    if (!done) lake_.give_up_day(table, which.day);
    return done;
  }

 private:
  // Files that are published for good, without imports, whose names hold their numbers.
  static std::vector<LakeFile> to_merge(LakeTable table, const std::vector<LakeFile>& files,
                                        const Published& published) {
    const Position end = end_of(table, published);
    std::vector<LakeFile> found;
    std::ranges::copy_if(files, std::back_inserter(found),
                         [&](const LakeFile& file) { return file.imported == 0 && file.to <= end; });
    return found;
  }

  Result<Compacted> merge(LakeTable table, LakeDay day, const std::vector<LakeFile>& files,
                          const std::vector<LakeFile>& merged) {
    Compacted result{.files = merged.size()};
    std::vector<std::string> paths;
    Position from = merged.front().from, to = 0;
    for (const LakeFile& file : merged) {
      paths.push_back(lake_.path_of(table, day, file.name));
      from = std::min(from, file.from);
      to = std::max(to, file.to);
      if (auto counted = count_bytes(paths.back(), result.bytes_before); !counted)
        return std::unexpected(counted.error());
    }
    const auto rows =
        LakeRows::open(lake_.disk(), table, paths, EventTime::min(), EventTime::max(), LakeRows::Keep::All);
    if (!rows) return std::unexpected(rows.error());
    result.rows = rows->size();

    const auto folder = lake_.begin_day(table, day);
    if (!folder) return std::unexpected(folder.error());
    const std::string path = fmt::format("{}/{}", *folder, published_name(table, from, to, free_part(files, from, to)));
    if (auto written = copy_rows(lake_, table, *rows, path, options_.rows_per_group); !written)
      return std::unexpected(written.error());
    if (auto counted = count_bytes(path, result.bytes_after); !counted) return std::unexpected(counted.error());
    // Files that are published meanwhile stay, too.
    if (auto shown = lake_.exchange_day(table, day, merged, Lake::OtherFiles::Stay); !shown)
      return std::unexpected(shown.error());
    return result;
  }

  Result<void> count_bytes(const std::string& path, std::uint64_t& bytes) const {
    const auto file = lake_.disk().open(path);
    if (!file) return std::unexpected(file.error());
    bytes += (*file)->size();
    return {};
  }

  const Lake& lake_;
  LakeCompactorOptions options_;
};

}  // namespace

std::unique_ptr<Compactor> make_lake_compactor(const Lake& lake, const LakeCompactorOptions& options) {
  CHECK(options.rows_per_group > 0);
  return std::make_unique<LakeCompactor>(lake, options);
}

}  // namespace tidemark
