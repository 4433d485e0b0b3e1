#include "app/live/page_server.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>

#include "app/process/signals.h"

namespace tidemark {

Result<void> PageServer::open(ServerOptions wanted, ServerNeeds needs) {
  auto tokens = open_tokens();
  if (!tokens) return std::unexpected(tokens.error());
  wanted.address = options_.address;
  wanted.tokens = std::move(*tokens);
  wanted.allowed_hosts = options_.allowed_hosts;
  wanted.allowed_origins = options_.allowed_origins;
  wanted.max_clients_per_address = options_.clients_per_address;
  wanted.questions = {.allowed = options_.allow_query,
                      .data = std::filesystem::absolute(options_.data).string(),
                      .lake = std::filesystem::absolute(options_.remote_lake ? lake_cache_folder(options_.data)
                                                                             : lake_folder(options_.data))
                                  .string(),
                      .time = std::chrono::duration_cast<std::chrono::seconds>(options_.query_timeout)};
  if (options_.remote_lake) {
    question_lake_.emplace(options_);
    wanted.questions.prepare = [this](QuestionOptions::Ready ready) { question_lake_->bring(std::move(ready)); };
  }
  wanted.allow_changes = options_.allow_changes;
  auto server = open_server(std::move(wanted), std::move(needs));
  if (!server) return std::unexpected(server.error());
  server_ = std::move(*server);
  return {};
}

Result<std::vector<Token>> PageServer::open_tokens() {
  if (options_.token_file.empty()) return single_token(std::string(options_.token.reveal()));
  watch_reload_signal();
  return token_watch_.emplace(options_.token_file, clock_, journal_).open();
}

void PageServer::look_at_tokens() {
  if (!token_watch_) return;
  using Asked = TokenWatch::Asked;
  if (auto tokens = token_watch_->look(take_reload_request() ? Asked::Yes : Asked::No))
    server_->set_tokens(std::move(*tokens));
}

}  // namespace tidemark
