// Drops only entries of which no byte is being written.
#include "io/serve/outbox.h"

#include <algorithm>

#include "core/check.h"

namespace tidemark {

bool Outbox::push(Frame frame) {
  if (behind_) return false;
  if (stream_bytes_ + frame->size() > max_bytes_ && !entries_.empty()) {
    drop_waiting();
    behind_ = true;
    return true;
  }
  stream_bytes_ += frame->size();
  entries_.push_back({std::move(frame), Kind::Stream});
  return false;
}

void Outbox::push_snapshot(Frame frame) {
  behind_ = false;
  entries_.push_back({std::move(frame), Kind::Snapshot});
}

void Outbox::push_control(Frame frame) {
  if (entries_.size() > begun_ && entries_.back().kind == Kind::Control) entries_.pop_back();
  entries_.push_back({std::move(frame), Kind::Control});
}

void Outbox::drop_waiting() {
  while (entries_.size() > begun_) {
    if (entries_.back().kind == Kind::Stream) stream_bytes_ -= entries_.back().frame->size();
    entries_.pop_back();
  }
}

std::vector<std::string_view> Outbox::next_write() {
  std::vector<std::string_view> bytes;
  begun_ = 0;
  for (std::size_t size = 0; begun_ < std::min(entries_.size(), frames_in_a_write) && size < bytes_in_a_write; ++begun_)
    size += bytes.emplace_back(*entries_[begun_].frame).size();
  if (!bytes.empty()) bytes.front().remove_prefix(offset_);
  return bytes;
}

void Outbox::written(std::size_t bytes) {
  offset_ += bytes;
  while (!entries_.empty() && offset_ >= entries_.front().frame->size()) {
    const Entry& done = entries_.front();
    offset_ -= done.frame->size();
    if (done.kind == Kind::Stream) stream_bytes_ -= done.frame->size();
    entries_.pop_front();
  }
  CHECK(!entries_.empty() || offset_ == 0);
  begun_ = offset_ > 0 ? 1 : 0;
}

}  // namespace tidemark
