// PageServer: the server of a page, configured by the settings, and its access tokens.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "app/config/run_options.h"
#include "app/config/token_watch.h"
#include "app/live/question_lake.h"
#include "core/result.h"
#include "io/serve/server.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/journal.h"

namespace tidemark {

class PageServer {
 public:
  // All references outlive it.
  PageServer(const RunOptions& options, const Clock& clock, Journal& journal)
      : options_(options), clock_(clock), journal_(journal) {}

  // Opens the server, which answers only after it is started. The caller sets port, control directory and
  // only_operations in `wanted`; the settings give the rest.
  Result<void> open(ServerOptions wanted, ServerNeeds needs);
  // Call it often, on the main thread. A changed token file takes effect here.
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
  std::optional<QuestionLake> question_lake_;  // of a lake that lies elsewhere; ends before the server
};

}  // namespace tidemark
