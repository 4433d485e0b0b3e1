#include "app/data_dir/data_watch.h"

#include <utility>

#include "app/process/tell.h"

namespace tidemark {
namespace {

constexpr std::chrono::seconds between_looks{1};

}  // namespace

void DataWatch::begin(Tell tell) {
  tell_ = std::move(tell);
  directory_.begin();
  if (lake_) lake_->begin();
}

std::optional<DirectoryTrouble> DataWatch::look() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_) return std::nullopt;
  next_look_ = now + between_looks;
  auto trouble = directory_.look();
  if (!trouble || trouble->then == DirectoryTrouble::Then::GoOn)
    if (const auto same = tell_.check_log(); !same && !same.error().is_retryable())
      trouble = {.sentence = same.error().message(), .then = DirectoryTrouble::Then::End};
  if (trouble && trouble->then == DirectoryTrouble::Then::End) {
    const std::lock_guard lock(mutex_);
    over_ = trouble->sentence;
  }
  tell(trouble ? std::optional(trouble->sentence) : lake_ ? lake_->look() : std::nullopt);
  return trouble && trouble->then != DirectoryTrouble::Then::GoOn ? trouble : std::nullopt;
}

Result<void> DataWatch::may_publish() const {
  const std::lock_guard lock(mutex_);
  if (over_) return std::unexpected(Error::permanent(*over_));
  return {};
}

// Reports each reason once, however long it lasts.
void DataWatch::tell(const std::optional<std::string>& reason) {
  if (reason == told_) return;
  told_ = reason;
  if (reason) {
    journal_.error("directory.changed", {{"what", *reason}});
    tell_.unready(*reason);
  } else {
    journal_.info("directory.whole");
    tell_.ready();
  }
}

}  // namespace tidemark
