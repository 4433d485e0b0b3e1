// Damaged files of the lake moved out of every reader's sight, each with the reason, so that questions are answered again.
//
//     <data>/set-aside/2026-11-25T18-58-00Z/NOTE                          what was moved, and why
//                                           bars/dt=…/bars-….parquet      as they were
//
// Where the lake lies on another disk, the folder is <lake>/.set-aside/. Nothing looks into it; who needs it no more removes it.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "app/data_dir/damage.h"
#include "core/result.h"
#include "core/time/time.h"

namespace tidemark {

// Gives the folder. The caller holds restating; beside a run that publishes it is safe, because nobody but who holds
// restating ever touches a file that has been shown.
Result<std::string> set_aside(const Lake& lake, const std::filesystem::path& data, std::span<const DamagedFile> files,
                              EventTime now);

}  // namespace tidemark
