// The newest dead letters as JSON, for the page: what was rejected, and why.
#pragma once

#include <cstddef>
#include <string>

#include "core/result.h"
#include "run/interfaces/log.h"

namespace tidemark {

// {"dead_letters":[{"offset":…,"received_at":…,"letter":LETTER},…]}, newest first, each as in the log
// (contract/schema/dead_letter.schema.json). At most `limit`, fewer if the text would exceed `most_bytes`, but at least
// one.
Result<std::string> newest_letters(Log& log, std::size_t limit, std::size_t most_bytes);

}  // namespace tidemark
