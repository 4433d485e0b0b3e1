// A strict JSON reader: the whole text by the grammar of RFC 8259, plus the contract's rules on depth and keys
// (contract/semantics.md §1.4–1.8). Complete rather than fast, and not recursive.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/wire/fields.h"
#include "core/wire/reject.h"

namespace tidemark {

// Where a number that starts at `begin` ends, by the grammar; `begin` itself if there is none.
const char* end_of_number(const char* begin, const char* end);

// Where the valid UTF-8 sequence at `begin` ends; `begin` itself if it is invalid.
const char* end_of_utf8_sequence(const char* begin, const char* end);
bool is_utf8(std::string_view bytes);

class JsonReader {
 public:
  // Fills `fields` from the members of the object in `text`, or returns what is wrong with it. Strings that had escapes
  // are stored in the reader until the next read.
  std::optional<Reason> read(std::string_view text, Fields& fields);

  // A member of the top-level object. A number's text is kept as written.
  struct Member {
    std::string_view key;
    FieldValue value;
  };
  // The same for any object: all its members, in order. They are valid until the next read.
  std::optional<Reason> read_members(std::string_view text);
  const std::vector<Member>& members() const { return members_; }

 private:
  struct Frame {
    char close;             // '}' or ']'
    std::size_t first_key;  // in keys_, of an object
  };
  struct String {
    std::string_view text;
    bool lone_surrogate = false;
  };

  std::optional<Reason> read_whole(std::string_view text);
  bool read_text();
  bool read_value();
  bool open(char close);
  bool after_value();
  bool read_key();
  bool read_literal(std::string_view literal);
  std::optional<String> read_string();
  std::optional<char32_t> read_escaped_unit();
  bool read_escape(bool& lone_surrogate);
  void check_keys(std::size_t first);
  FieldValue* target();
  void skip_space();

  const char* p_ = nullptr;
  const char* end_ = nullptr;
  Fields* fields_ = nullptr;        // null while members are collected
  std::optional<FieldName> field_;  // of the current top-level member
  std::vector<Frame> frames_;
  std::vector<std::string_view> keys_;
  std::vector<Member> members_;
  std::string unescaped_;
  bool wants_value_ = false;  // the next token is a value
  bool is_object_ = false, too_deep_ = false, duplicate_key_ = false;
};

}  // namespace tidemark
