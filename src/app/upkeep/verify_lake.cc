#include "app/upkeep/verify_lake.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <ranges>

#include "core/time/day_text.h"
#include "io/lake/file_check.h"
#include "io/parquet/column_file.h"

namespace tidemark {
namespace {

constexpr int most_looks = 5;  // at a day whose files change
constexpr LakeTable tables_checked[] = {LakeTable::Trends, LakeTable::Bars};

bool is_shown_parquet(std::string_view name) { return name.ends_with(".parquet") && !name.starts_with('.'); }

// Offsets that files tell of, and how many rows they have: of files that touch one another.
struct Stretch {
  Position from = 0, to = 0;
  std::int64_t rows = 0;
};

class LakeLook {
 public:
  LakeLook(const Lake& lake, const VerifyLakeOptions& options) : lake_(lake), options_(options) {}

  Result<LakeVerdict> run() {
    for (const LakeTable table : tables_checked) {
      if (auto looked = look_at_table(table); !looked) return std::unexpected(looked.error());
      if (!options_.day) look_for_holes(table);
      stretches_.clear();
    }
    if (auto looked = look_for_leftovers(); !looked) return std::unexpected(looked.error());
    return std::move(verdict_);
  }

 private:
  std::string folder_of(LakeTable table) const { return fmt::format("{}/{}", lake_.folder(), to_string(table)); }

  Result<void> look_at_table(LakeTable table) {
    const auto names = lake_.disk().list(folder_of(table));
    if (!names) return std::unexpected(names.error());
    for (const std::string& name : *names) {
      const auto day = name.starts_with("dt=") ? parse_day(std::string_view(name).substr(3)) : std::nullopt;
      if (!day && !name.starts_with('.') && !options_.day) look_at_foreign_folder(table, name);
      if (!day || (options_.day && *options_.day != *day)) continue;
      if (auto looked = look_at_day(table, *day); !looked) return looked;
    }
    return {};
  }

  void look_at_foreign_folder(LakeTable table, const std::string& name) {
    const auto inside = lake_.disk().list(fmt::format("{}/{}", folder_of(table), name));
    if (!inside || std::ranges::none_of(*inside, is_shown_parquet)) return;
    verdict_.others.push_back({fmt::format("lake/{}/{}", to_string(table), name),
                               "it is no day that the lake made, but every reader takes its files for the lake's",
                               "move it away"});
  }

  // Whatever is found of a day counts only when its files are still those that were looked at.
  Result<void> look_at_day(LakeTable table, LakeDay day) {
    for (int look = 1;; ++look) {
      const auto before = lake_.disk().list(lake_.folder_of(table, day));
      if (!before) return std::unexpected(before.error());
      const LakeVerdict so_far = verdict_;
      const auto stretches = stretches_;
      if (auto looked = look_at_files(table, day, *before); !looked) return looked;
      const auto after = lake_.disk().list(lake_.folder_of(table, day));
      if (!after) return std::unexpected(after.error());
      if (std::ranges::includes(*after, *before) || look == most_looks) return {};
      verdict_ = so_far;
      stretches_ = stretches;
    }
  }

  Result<void> look_at_files(LakeTable table, LakeDay day, const std::vector<std::string>& names) {
    TableVerdict& counts = verdict_.of(table);
    std::vector<LakeFile> whole;
    bool has_files = false;
    for (const std::string& name : names) {
      if (!is_shown_parquet(name)) continue;
      has_files = true;
      ++counts.files;
      auto file = parse_lake_file(table, name);
      if (!file) {
        damaged(table, day, LakeFile{.name = name}, "the lake gives no such name, but every reader takes it for one",
                DamagedFile::Rows::Elsewhere);
        continue;
      }
      const auto checked = check_lake_file(lake_, table, day, *file);
      if (!checked && checked.error().is_setup()) return std::unexpected(checked.error());  // it was not looked at
      if (!checked) {
        damaged(table, day, *file, reason_of(checked.error(), lake_.path_of(table, day, name)));
        spoil(*file);
        continue;
      }
      counts.rows += checked->rows;
      if (checked->contract < lake_contract) counts.other_contract += checked->rows;
      counts.bytes += checked->bytes;
      if (!options_.watch(checked->bytes)) return std::unexpected(Error::permanent("interrupted"));
      if (file->imported > 0) continue;
      if (table == LakeTable::Bars && checked->rows > file->to - file->from)
        damaged(table, day, *file, fmt::format("it has {} rows, more than offsets in its name", checked->rows));
      stretches_.push_back({file->from, file->to, checked->rows});
      whole.push_back(std::move(*file));
    }
    if (has_files) ++counts.days;
    find_doubles(table, day, std::move(whole));
    return {};
  }

  void damaged(LakeTable table, LakeDay day, LakeFile file, std::string what,
               DamagedFile::Rows rows = DamagedFile::Rows::Its) {
    verdict_.files.push_back({table, day, std::move(file), std::move(what), rows});
  }

  // "<path> is damaged: <why>; <cure>" → why: the path stands before it, the cure behind it.
  static std::string reason_of(const Error& error, const std::string& path) {
    std::string_view why = error.message();
    const std::string begin = path + " is damaged: ";
    if (why.starts_with(begin)) why = why.substr(begin.size(), why.find("; `tidemark verify") - begin.size());
    return std::string(why);
  }

  // The same offsets in two files of a day: each row of the smaller one is there twice. A day that was made in several
  // files has the same offsets in all of them.
  void find_doubles(LakeTable table, LakeDay day, std::vector<LakeFile> files) {
    std::erase_if(files, [](const LakeFile& file) { return file.from == file.to; });
    std::ranges::sort(files, {}, [](const LakeFile& file) { return std::pair(file.from, -file.to); });
    for (std::size_t i = 0, widest = 0; i < files.size(); ++i) {
      const LakeFile &one = files[widest], &other = files[i];
      const bool same = one.from == other.from && one.to == other.to && one.part != other.part;
      if (i != widest && other.from < one.to && !same)
        damaged(table, day, other, fmt::format("its offsets stand in the name of {}, too", one.name),
                DamagedFile::Rows::Elsewhere);
      if (other.to > one.to) widest = i;
    }
  }

  void spoil(const LakeFile& file) { spoiled_.push_back({file.from, file.to, 0}); }

  // Each offset is in one file at most, and was in one once: what nothing tells of was moved elsewhere, or is lost. Of
  // trends only the names tell, because recompute makes more or fewer rows of them.
  void look_for_holes(LakeTable table) {
    std::vector<Stretch> all = std::move(stretches_);
    std::ranges::copy(spoiled_, std::back_inserter(all));
    std::erase_if(all, [](const Stretch& each) { return each.from == each.to; });
    std::ranges::sort(all, {}, &Stretch::from);
    std::vector<Stretch> joined;
    for (const Stretch& each : all) {
      if (joined.empty() || each.from >= joined.back().to) {
        if (!joined.empty() && joined.back().to < each.from) note_hole(table, joined.back().to, each.from);
        joined.push_back(each);
        continue;
      }
      joined.back().to = std::max(joined.back().to, each.to);
      joined.back().rows += each.rows;
    }
    if (table == LakeTable::Bars)
      for (const Stretch& each : joined) note_missing(each);
    spoiled_.clear();
  }

  void note_hole(LakeTable table, Position from, Position to) {
    if (from / offsets_of_a_log != to / offsets_of_a_log) return;  // there another log begins
    verdict_.notes.push_back(
        fmt::format("no file of {} tells of the offsets from {} to {}: fine if their days were moved elsewhere",
                    to_string(table), from, to - 1));
  }

  void note_missing(const Stretch& each) {
    const auto meets = [&](const Stretch& other) { return other.from < each.to && each.from < other.to; };
    if (each.rows >= each.to - each.from || std::ranges::any_of(spoiled_, meets)) return;
    if (each.from / offsets_of_a_log != (each.to - 1) / offsets_of_a_log) return;  // of several logs
    verdict_.notes.push_back(
        fmt::format("of the offsets from {} to {} of bars {} are in no file: fine if their days were moved elsewhere",
                    each.from, each.to - 1, each.to - each.from - each.rows));
  }

  // Hidden files are nobody's harm; the next run or import takes them away.
  Result<void> look_for_leftovers() {
    std::size_t writing = 0;
    for (const LakeTable table : tables_checked) {
      const auto names = lake_.disk().list(folder_of(table));
      if (!names) return std::unexpected(names.error());
      writing += static_cast<std::size_t>(
          std::ranges::count_if(*names, [](const std::string& name) { return name.ends_with(".writing"); }));
    }
    const auto anew = lake_.disk().list(lake_.folder() + "/.anew"),
               imports = lake_.disk().list(lake_.folder() + "/.imports");
    if (!anew) return std::unexpected(anew.error());
    if (!imports) return std::unexpected(imports.error());
    if (writing > 0) note_leftovers(writing, "files are being written, or were when their process was killed");
    if (!anew->empty()) note_leftovers(anew->size(), "days are being made anew, or were when their process was killed");
    for (const std::string& name : *imports) {
      if (name.ends_with(".showing"))
        verdict_.others.push_back({fmt::format("lake/.imports/{}", name),
                                   "an import was killed while its files were shown: only some of its bars are there",
                                   "run `tidemark import` once more, with any file: it finishes this one first"});
      if (name.ends_with(".recompute"))
        verdict_.notes.push_back(fmt::format(
            "lake/.imports/{} names days whose trends do not know of their imported bars yet: `tidemark recompute`",
            name));
    }
    return {};
  }

  void note_leftovers(std::size_t count, std::string_view what) {
    verdict_.notes.push_back(
        fmt::format("{} {}: hidden from every reader, and cleared away by the next run", count, what));
  }

  const Lake& lake_;
  const VerifyLakeOptions& options_;
  LakeVerdict verdict_;
  std::vector<Stretch> stretches_, spoiled_;  // of the table at hand; of its files that cannot be read
};

}  // namespace

Result<std::uint64_t> bytes_to_verify(const Lake& lake, const std::optional<LakeDay>& day) {
  std::uint64_t bytes = 0;
  for (const LakeTable table : tables_checked) {
    const auto days = lake.days(table);
    if (!days) return std::unexpected(days.error());
    for (const LakeDay each : *days) {
      if (day && *day != each) continue;
      const auto names = lake.disk().list(lake.folder_of(table, each));
      if (!names) return std::unexpected(names.error());
      for (const std::string& name : *names)
        if (const auto file = lake.disk().open(lake.path_of(table, each, name)); file && is_shown_parquet(name))
          bytes += (*file)->size();
    }
  }
  return bytes;
}

Result<LakeVerdict> verify_lake(const Lake& lake, const VerifyLakeOptions& options) {
  return LakeLook(lake, options).run();
}

}  // namespace tidemark
