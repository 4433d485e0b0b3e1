// The judgement over a world that has come to rest: what log and lake hold, against what the contract expects.
#pragma once

#include <span>
#include <string>

#include "core/pipeline/machine.h"
#include "core/result.h"
#include "io/lake/lake.h"
#include "run/interfaces/log.h"
#include "sim/naive_reading.h"
#include "sim/script.h"
#include "sim/storage.h"

namespace tidemark::sim {

// What a judgement says of a promise that was broken.
inline std::unexpected<Error> broken(std::string sentence) {
  return std::unexpected(Error::permanent(std::move(sentence)));
}

// The error is a sentence on the first promise that was broken.
Result<void> compare(const Expected& expected, std::span<const Line> lines, Log& log, const Machine& machine,
                     const Storage& storage, const std::string& lake);

}  // namespace tidemark::sim
