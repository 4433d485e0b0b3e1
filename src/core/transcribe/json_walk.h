// A walk through JSON that is known to be valid: the members of an object, the elements of an array, as they stand.
//
// Nothing is decoded and nothing is judged. Of a text that is cut off, what is whole is shown.
#pragma once

#include <cstddef>
#include <string_view>

namespace tidemark {

// Where the value that begins at `begin` ends; npos if the text ends before it does.
std::size_t end_of_json_value(std::string_view text, std::size_t begin);

// "abc" → abc, with its escapes as they stand; anything else is empty.
std::string_view inside_quotes(std::string_view value);

// The next member or element of an object or array. `text` begins with its bracket.
class JsonWalk {
 public:
  explicit JsonWalk(std::string_view text) : text_(text) {}

  // False at the end, or where the text is cut off.
  bool next();
  std::string_view name() const { return name_; }    // of a member, inside its quotes
  std::string_view value() const { return value_; }  // its bytes, without white space around them
  // A value began that is cut off: name() is its name, and value() what there is of it.
  bool is_cut_off() const { return is_cut_off_; }

 private:
  void skip_space();
  std::string_view text_;
  std::size_t at_ = 1;
  std::string_view name_, value_;
  bool is_cut_off_ = false;
};

// Of an object: the member's value, empty if there is none.
std::string_view json_member(std::string_view object, std::string_view name);

}  // namespace tidemark
