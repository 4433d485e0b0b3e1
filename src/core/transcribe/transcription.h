// Transcription: the bytes of a file in a foreign format → records, one by one.
//
//     bytes ─▶ texts, by the file's framing ─▶ bars of a text ─▶ records
//
// Every text is checked completely before its content is used. A text that is no JSON becomes one record, unchanged,
// and so does anything that is not of the file's kind (contract/semantics.md §7.6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/transcribe/detection.h"
#include "core/transcribe/transcriber.h"
#include "core/wire/fields.h"
#include "core/wire/json.h"

namespace tidemark {

struct TranscribedRecord {
  std::string_view text;      // a line without its end; truncated if it is too long
  std::string_view original;  // the bytes it was made from
  std::int64_t position = 0;  // the line in which they begin, from 1; in MessagePack the number of the frame
};

class Transcription {
 public:
  // A larger text is an error, because it would have to be held in memory.
  static constexpr std::size_t most_text_bytes = 256 * 1024 * 1024;
  static constexpr std::size_t most_message_bytes = 16 * 1024 * 1024;  // of MessagePack

  // `name` is the file's, for errors. `lines_before` counts the blank lines before the first bytes given.
  Transcription(const FileKind& kind, const TranscribeOptions& options, std::string name,
                std::int64_t lines_before = 0);

  // Adds bytes of the file, and invalidates the records so far. Call it when next() returned false.
  void give(std::string_view bytes);
  void give_end() { has_ended_ = true; }
  // False: nothing more in the bytes given. The record is valid until the next call.
  Result<bool> next(TranscribedRecord& record);

  const Transcriber& transcriber() const { return *transcriber_; }

 private:
  Result<bool> find_text();
  bool find_line();
  bool find_json();
  bool find_message();
  void take_json(std::string_view text);
  void take_unchanged(std::string_view bytes);
  Error too_large() const;

  FileKind kind_;
  std::unique_ptr<Transcriber> transcriber_;
  std::string name_;
  std::string given_;  // not yet searched for texts from at_ on
  std::size_t at_ = 0;
  std::size_t scanned_ = 0;  // how much of the text that begins at at_
  std::size_t depth_ = 0;    // in that text
  bool in_string_ = false, is_escaped_ = false;
  bool has_ended_ = false;
  std::int64_t position_;         // of the line at counted_, or of the frame
  std::size_t counted_ = 0;       // in given_: line ends before it are in position_
  std::uint32_t frame_left_ = 0;  // messages of the frame still to come
  std::string message_;           // MessagePack as JSON
  std::string_view packed_;       // its original bytes
  std::vector<BarElement> bars_;  // of the current text
  std::size_t next_bar_ = 0;
  std::string text_;
  Fields fields_;
  JsonReader checker_;
};

}  // namespace tidemark
