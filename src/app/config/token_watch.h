// The token file of a running instance: read at start, and again when somebody has changed it. A file that is wrong is told
// and changes nothing.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/process/tell.h"
#include "core/result.h"
#include "io/serve/tokens.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/journal.h"

namespace tidemark {

// Of a file as it is now. Error::setup.
Result<std::vector<Token>> read_token_file(const std::string& path);

class TokenWatch {
 public:
  TokenWatch(std::string path, const Clock& clock, Journal& journal)
      : path_(std::move(path)), clock_(clock), journal_(journal) {}

  Result<std::vector<Token>> open();
  // The tokens that hold from now on; none when the file is as it was, or wrong. To be called often: it looks once a second,
  // or at once when it is `asked` to.
  enum class Asked : bool { No, Yes };
  std::optional<std::vector<Token>> look(Asked asked);

 private:
  using Steady = std::chrono::steady_clock;
  using Face = std::array<std::int64_t, 6>;  // what stat(2) says of a file; another one means that it was changed

  Face face() const;
  void tell(const std::vector<Token>& tokens);

  std::string path_;
  const Clock& clock_;
  Journal& journal_;
  Face seen_{};
  Steady::time_point next_look_;
};

}  // namespace tidemark
