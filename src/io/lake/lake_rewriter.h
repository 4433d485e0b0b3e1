// LakeRewriter: writes the files of a lake anew in its present codec, day by day.
//
//     a day's files that are packed in another codec     become
//     published for good                                 one file of all published ones, as compaction makes it
//     of an import                                       a file with the import's number and a further number of a part
//
// A day becomes another in one exchange (day_exchange.h), and what is to be done is read from the files themselves. So a
// process that is killed leaves a lake of both codecs, which every reader reads, and the next one goes on.
#pragma once

#include <cstddef>
#include <vector>

#include "core/result.h"
#include "io/lake/lake.h"
#include "run/interfaces/compactor.h"

namespace tidemark {

class LakeRewriter {
 public:
  // `lake` outlives it, and has the codec.
  explicit LakeRewriter(const Lake& lake, std::size_t rows_per_group = 1'000'000)
      : lake_(lake), rows_per_group_(rows_per_group) {}

  // The days with a file of another codec, oldest first; today is one of them. Files that may be published again do not
  // count: a run writes them with its own codec.
  Result<std::vector<DayOfTable>> due(const Published& published) const;
  // Retryable if another process works on the lake's days. A damaged file is a permanent error that names it.
  Result<Compacted> rewrite(const DayOfTable& day, const Published& published) const;

 private:
  // The files of a day that are written anew.
  struct Due {
    std::vector<LakeFile> published, imported;
  };
  Result<Due> due_of(LakeTable table, LakeDay day, const std::vector<LakeFile>& files,
                     const Published& published) const;
  Result<bool> has_other_codec(LakeTable table, LakeDay day, const LakeFile& file) const;
  Result<void> copy(LakeTable table, LakeDay day, const std::vector<LakeFile>& files, const std::string& path,
                    Compacted& done) const;
  Result<Compacted> rewrite(LakeTable table, LakeDay day, const std::vector<LakeFile>& files, const Due& due) const;

  const Lake& lake_;
  std::size_t rows_per_group_;
};

}  // namespace tidemark
