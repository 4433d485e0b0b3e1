// Moves damaged files of the lake out of every reader's sight, each with its reason, so that queries work again.
//
//     <data>/set-aside/2026-11-25T18-58-00Z/NOTE                          what was moved, and why
//                                           bars/dt=…/bars-….parquet      as they were
//
// If the lake lies on another disk, the folder is <lake>/.set-aside/. The program never reads it; remove it when it is
// no longer needed.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "app/data_dir/damage.h"
#include "core/result.h"
#include "core/time/time.h"

namespace tidemark {

// Returns the folder. Without `data` it is that in the lake: a lake on no disk of this machine. The caller holds the restating lock. This is safe beside a run that publishes, because only the
// holder of that lock touches published files.
Result<std::string> set_aside(const Lake& lake, const std::optional<std::filesystem::path>& data,
                              std::span<const DamagedFile> files, EventTime now);

}  // namespace tidemark
