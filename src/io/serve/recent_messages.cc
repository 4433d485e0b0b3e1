#include "io/serve/recent_messages.h"

namespace tidemark {

void RecentMessages::add(std::int64_t sequence, Frame frame) {
  if (sequence != first_ + static_cast<std::int64_t>(frames_.size())) {
    frames_.clear();
    bytes_ = 0;
    first_ = sequence;
  }
  bytes_ += frame->size();
  frames_.push_back(std::move(frame));
  while (bytes_ > most_bytes_) {
    bytes_ -= frames_.front()->size();
    frames_.pop_front();
    ++first_;
  }
}

std::optional<std::vector<Frame>> RecentMessages::since(std::int64_t sequence, std::int64_t newest) const {
  if (sequence == newest) return std::vector<Frame>{};
  const std::int64_t next = first_ + static_cast<std::int64_t>(frames_.size());
  if (newest != next - 1 || sequence < first_ - 1 || sequence > newest) return std::nullopt;
  return std::vector<Frame>(frames_.begin() + (sequence + 1 - first_), frames_.end());
}

}  // namespace tidemark
