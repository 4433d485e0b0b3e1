// All records of a log.db, each compared with its checksum.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/result.h"
#include "io/embedded/log_reader.h"

namespace tidemark {

// How many are covered, and which are damaged; an error where the file itself, or a row that is no record, is. Only reads, also
// while another process writes it. `watch` is told how many records are done; false ends it.
Result<RowCoverage> check_rows(const std::string& path, const std::function<bool(std::uint64_t records)>& watch);

// The first damaged record as an error that names table and offset, and tells the cure.
Error damaged_record(const std::string& path, const RowCoverage::Damaged& record);

}  // namespace tidemark
