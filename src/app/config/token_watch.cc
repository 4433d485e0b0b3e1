#include "app/config/token_watch.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "app/process/tell.h"
#include "core/time/time.h"
#include "io/disk/small_file.h"

namespace tidemark {
namespace {

constexpr std::size_t largest_file = 1'024 * 1'024;
constexpr auto between_looks = std::chrono::seconds(1);

std::string names_of(const std::vector<Token>& tokens) {
  std::string names;
  for (const Token& token : tokens) names += (names.empty() ? "" : ", ") + token.called();
  return names;
}

}  // namespace

Result<std::vector<Token>> read_token_file(const std::string& path) {
  const auto text = read_small_file(path, largest_file, Links::Refused);
  if (!text) return std::unexpected(Error::setup(text.error().message()));
  if (!*text) return std::unexpected(Error::setup(fmt::format("cannot read {}: there is no such file", path)));
  auto tokens = parse_tokens(**text);
  if (!tokens) return std::unexpected(tokens.error().while_doing(path));
  return tokens;
}

Result<std::vector<Token>> TokenWatch::open() {
  seen_ = face();
  auto tokens = read_token_file(path_);
  if (tokens) tell(*tokens);
  return tokens;
}

std::optional<std::vector<Token>> TokenWatch::look(Asked asked) {
  const auto now = Steady::now();
  if (asked == Asked::No && now < next_look_) return std::nullopt;
  next_look_ = now + between_looks;
  const Face face = this->face();  // before it is read: what is changed meanwhile is seen the next time
  if (asked == Asked::No && face == seen_) return std::nullopt;
  seen_ = face;
  auto tokens = read_token_file(path_);
  if (!tokens) {
    journal_.warning("tokens.not_taken", {{"error", tokens.error().message()}, {"holding", "those before"}});
    return std::nullopt;
  }
  tell(*tokens);
  return std::move(*tokens);
}

TokenWatch::Face TokenWatch::face() const {
  struct stat status{};
  if (::stat(path_.c_str(), &status) != 0) return {};
  return {static_cast<std::int64_t>(status.st_dev),
          static_cast<std::int64_t>(status.st_ino),
          status.st_size,
          status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec,
          status.st_ctim.tv_sec * 1'000'000'000 + status.st_ctim.tv_nsec,
          1};
}

void TokenWatch::tell(const std::vector<Token>& tokens) {
  journal_.info("tokens.taken", {{"file", path_}, {"names", names_of(tokens)}});
  const EventTime now = clock_.now();
  if (std::ranges::none_of(tokens, [&](const Token& token) { return token.is_valid(now); }))
    journal_.warning("tokens.none_valid", {{"file", path_}, {"cure", "tidemark token issue"}});
}

}  // namespace tidemark
