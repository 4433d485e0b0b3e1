// PageServer: the server of a page as the settings want it, and the tokens that it asks for.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "app/config/run_options.h"
#include "app/config/token_watch.h"
#include "core/result.h"
#include "io/serve/server.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/journal.h"

namespace tidemark {

class PageServer {
 public:
  // All outlive it.
  PageServer(const RunOptions& options, const Clock& clock, Journal& journal)
      : options_(options), clock_(clock), journal_(journal) {}

  // Opens the server, which answers nobody before it is started. Of `wanted` the port, the control directory and whether it is
  // for operations only are the caller's; the settings say the rest.
  Result<void> open(ServerOptions wanted, ServerNeeds needs);
  // To be called often, by the main thread: a changed token file holds from then on.
  void look_at_tokens();

  Server& server() { return *server_; }
  bool is_open() const { return server_ != nullptr; }

 private:
  Result<std::vector<Token>> open_tokens();

  const RunOptions& options_;
  const Clock& clock_;
  Journal& journal_;
  std::optional<TokenWatch> token_watch_;
  std::unique_ptr<Server> server_;
};

}  // namespace tidemark
