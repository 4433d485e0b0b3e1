// Iterates over JSON that is known to be valid: the members of an object or the elements of an array, as raw text.
//
// It decodes and checks nothing. If the text is cut off, it returns the complete part.
#pragma once

#include <cstddef>
#include <string_view>

namespace tidemark {

// Where the value that begins at `begin` ends; npos if the text ends first.
std::size_t end_of_json_value(std::string_view text, std::size_t begin);

// "abc" → abc, escapes unchanged; empty for anything else.
std::string_view inside_quotes(std::string_view value);

// Iterates over an object or array. `text` begins with its bracket.
class JsonWalk {
 public:
  explicit JsonWalk(std::string_view text) : text_(text) {}

  // False at the end, or where the text is cut off.
  bool next();
  std::string_view name() const { return name_; }    // of a member, inside its quotes
  std::string_view value() const { return value_; }  // its bytes, without surrounding white space
  // The last value is cut off: name() is its name, and value() is the part that is there.
  bool is_cut_off() const { return is_cut_off_; }

 private:
  void skip_space();
  std::string_view text_;
  std::size_t at_ = 1;
  std::string_view name_, value_;
  bool is_cut_off_ = false;
};

// The value of an object's member, empty if there is none.
std::string_view json_member(std::string_view object, std::string_view name);

}  // namespace tidemark
