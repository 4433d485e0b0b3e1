#include "core/transcribe/json_walk.h"

#include <algorithm>

namespace tidemark {
namespace {

constexpr std::string_view white_space = " \t\r\n";

// The position after the closing quote of the string that begins at `begin`.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
  for (std::size_t at = begin + 1; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return text.npos;
}

}  // namespace

std::size_t end_of_json_value(std::string_view text, std::size_t begin) {
  if (begin >= text.size()) return text.npos;
  if (text[begin] == '"') return end_of_string(text, begin);
  if (text[begin] != '{' && text[begin] != '[') {
    return text.find_first_of(",]} \t\r\n", begin);
  }
  std::size_t depth = 0;
  for (std::size_t at = begin; at < text.size();) {
    switch (text[at]) {
      case '"':
        at = end_of_string(text, at);
        if (at == text.npos) return at;
        continue;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (--depth == 0) return at + 1;
        break;
      default:
        break;
    }
    ++at;
  }
  return text.npos;
}

std::string_view inside_quotes(std::string_view value) {
  return value.size() >= 2 && value.front() == '"' && value.back() == '"' ? value.substr(1, value.size() - 2)
                                                                          : std::string_view();
}

void JsonWalk::skip_space() { at_ = std::min(text_.find_first_not_of(white_space, at_), text_.size()); }

bool JsonWalk::next() {
  if (is_cut_off_ || text_.empty()) return false;
  skip_space();
  if (at_ < text_.size() && text_[at_] == ',') ++at_, skip_space();
  if (at_ >= text_.size() || text_[at_] == '}' || text_[at_] == ']') return false;
  if (text_.front() == '{') {
    const std::size_t end = text_[at_] == '"' ? end_of_json_value(text_, at_) : text_.npos;
    if (end == text_.npos) return false;
    name_ = inside_quotes(text_.substr(at_, end - at_));
    at_ = end;
    skip_space();
    if (at_ >= text_.size() || text_[at_] != ':') return false;
    ++at_;
    skip_space();
  }
  const std::size_t end = end_of_json_value(text_, at_);
  is_cut_off_ = end == text_.npos;
  value_ = text_.substr(at_, end == text_.npos ? end : end - at_);
  at_ = is_cut_off_ ? text_.size() : end;
  return !is_cut_off_ && !value_.empty();
}

std::string_view json_member(std::string_view object, std::string_view name) {
  for (JsonWalk walk(object); walk.next();)
    if (walk.name() == name) return walk.value();
  return {};
}

}  // namespace tidemark
