#include "core/transcribe/transcription.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/transcribe/msgpack_text.h"
#include "core/wire/decode.h"

namespace tidemark {
namespace {

constexpr std::size_t kept_bytes = max_record_bytes + 1;
constexpr std::string_view white_space_of_text = " \t\r\n";

}  // namespace

Transcription::Transcription(const FileKind& kind, const TranscribeOptions& options, std::string name,
                             std::int64_t lines_before)
    : kind_(kind),
      transcriber_(make_transcriber(kind.format, options)),
      name_(std::move(name)),
      position_(kind.framing == Framing::MessagePack ? 0 : 1 + lines_before) {
  CHECK(transcriber_ != nullptr);
}

void Transcription::give(std::string_view bytes) {
  if (kind_.framing != Framing::MessagePack)
    position_ += std::count(given_.begin() + static_cast<std::ptrdiff_t>(counted_),
                            given_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
  given_.erase(0, at_);
  at_ = counted_ = 0;
  bars_.clear();
  next_bar_ = 0;
  given_ += bytes;
}

Result<bool> Transcription::next(TranscribedRecord& record) {
  while (next_bar_ == bars_.size()) {
    bars_.clear();
    next_bar_ = 0;
    const auto found = find_text();
    if (!found || !*found) return found;
  }
  const BarElement& bar = bars_[next_bar_++];
  record.original = packed_.empty() ? bar.bytes : packed_;
  text_.clear();
  if (record.original.size() > max_record_bytes)
    append_record({.bytes = record.original.substr(0, kept_bytes)}, text_);
  else
    append_record(bar.naming == nullptr ? BarElement{.bytes = record.original} : bar, text_);
  text_.resize(std::min(text_.size(), kept_bytes));
  record.text = text_;
  if (kind_.framing != Framing::MessagePack) {
    const auto begin = static_cast<std::size_t>(record.original.data() - given_.data());
    position_ += std::count(given_.begin() + static_cast<std::ptrdiff_t>(counted_),
                            given_.begin() + static_cast<std::ptrdiff_t>(begin), '\n');
    counted_ = begin;
  }
  record.position = position_;
  return true;
}

// Finds the next text and its bars, of which there may be none.
Result<bool> Transcription::find_text() {
  packed_ = {};
  bool found = false;
  switch (kind_.framing) {
    case Framing::Lines:
      found = find_line();
      break;
    case Framing::Texts:
      found = find_json();
      break;
    case Framing::MessagePack:
      found = find_message();
      break;
  }
  const bool is_packed = kind_.framing == Framing::MessagePack;
  if (!found && given_.size() - at_ > (is_packed ? most_message_bytes : most_text_bytes))
    return std::unexpected(too_large());
  return found;
}

Error Transcription::too_large() const {
  if (kind_.framing == Framing::MessagePack)
    return Error::permanent(name_ + ": a message of more than 16 MB stands in it, which no stream sends");
  return Error::permanent(name_ + ": a text of more than 256 MB stands in it; cut it into lines: jq -c .[] FILE");
}

bool Transcription::find_line() {
  const std::size_t end = given_.find('\n', at_ + scanned_);
  if (end == given_.npos && (!has_ended_ || at_ == given_.size())) {
    scanned_ = given_.size() - at_;
    return false;
  }
  std::string_view line = std::string_view(given_).substr(at_, end == given_.npos ? end : end - at_);
  at_ = end == given_.npos ? given_.size() : end + 1;
  scanned_ = 0;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (!is_blank(line)) take_json(line);
  return true;
}

bool Transcription::find_json() {
  if (scanned_ == 0) at_ = std::min(given_.find_first_not_of(white_space_of_text, at_), given_.size());
  if (at_ == given_.size()) return false;
  if (given_[at_] != '{' && given_[at_] != '[') return find_line();
  for (std::size_t i = at_ + scanned_; i < given_.size(); ++i) {
    const char c = given_[i];
    if (in_string_) {
      if (is_escaped_)
        is_escaped_ = false;
      else if (c == '\\')
        is_escaped_ = true;
      else if (c == '"')
        in_string_ = false;
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if ((c == '}' || c == ']') && --depth_ == 0) {
      const std::string_view text = std::string_view(given_).substr(at_, i + 1 - at_);
      at_ = i + 1;
      scanned_ = 0;
      take_json(text);
      return true;
    }
  }
  scanned_ = given_.size() - at_;
  if (!has_ended_) return false;
  take_as_it_came(std::string_view(given_).substr(at_));  // it ends in the middle
  at_ = given_.size();
  scanned_ = depth_ = 0;
  in_string_ = is_escaped_ = false;
  return true;
}

// One message, of a frame or by itself.
bool Transcription::find_message() {
  while (frame_left_ == 0) {
    if (at_ == given_.size()) return false;
    std::size_t header = 0;
    const auto size = msgpack_array_size(std::string_view(given_).substr(at_), header);
    const bool is_cut = size && header == 0;
    if (is_cut && !has_ended_) return false;
    frame_left_ = size && !is_cut ? *size : 1;  // a message by itself is a frame, too
    at_ += header;
    ++position_;
  }
  const std::string_view rest = std::string_view(given_).substr(at_);
  const auto bytes = msgpack_value_bytes(rest);
  if (bytes && *bytes == 0 && !has_ended_) return false;
  if (rest.empty()) return false;
  // Where MessagePack breaks off, nobody knows where it would go on.
  const std::string_view value = bytes && *bytes > 0 ? rest.substr(0, *bytes) : rest;
  if (!bytes && !has_ended_) return false;
  at_ += value.size();
  --frame_left_;
  message_.clear();
  if (!bytes || *bytes == 0 || !append_msgpack_as_json(value, message_)) {
    take_as_it_came(value);
    return true;
  }
  packed_ = value;
  take_json(message_);
  return true;
}

void Transcription::take_json(std::string_view text) {
  const auto reason = checker_.read(text, fields_);
  const bool is_valid = !reason || *reason == Reason::NotAnObject || *reason == Reason::DuplicateKey;
  const std::size_t first = text.find_first_not_of(white_space_of_text);
  if (!is_valid || (text[first] != '{' && text[first] != '[')) return take_as_it_came(text);
  transcriber_->find_bars(text.substr(first), bars_);
}

void Transcription::take_as_it_came(std::string_view bytes) { bars_.push_back({.bytes = bytes}); }

}  // namespace tidemark
