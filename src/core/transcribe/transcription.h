// Transcription: the bytes of a file in which somebody else writes bars → records, one by one.
//
//     bytes ─▶ texts, by the file's framing ─▶ bars of a text ─▶ records
//
// Every text is checked whole before anything of it is believed: what is no JSON is one record as it came, and so is what
// is not of the file's kind (contract/semantics.md §7.6).
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
  std::string_view text;      // a line, without its end; of one that is too long the beginning
  std::string_view original;  // the bytes that were transcribed
  std::int64_t position = 0;  // of the line in which they begin, from 1; of MessagePack: which frame
};

class Transcription {
 public:
  // A text that is larger is an error: nobody should hold it.
  static constexpr std::size_t most_text_bytes = 256 * 1024 * 1024;
  static constexpr std::size_t most_message_bytes = 16 * 1024 * 1024;  // of MessagePack

  // `name` of the file, for errors. `lines_before`: blank ones before the first bytes that are given.
  Transcription(const FileKind& kind, const TranscribeOptions& options, std::string name,
                std::int64_t lines_before = 0);

  // More of the file; ends the life of the records so far. To be called when next() had nothing more.
  void give(std::string_view bytes);
  void give_end() { has_ended_ = true; }
  // False: nothing more in what was given. Lives until the next call.
  Result<bool> next(TranscribedRecord& record);

  const Transcriber& transcriber() const { return *transcriber_; }

 private:
  Result<bool> find_text();
  bool find_line();
  bool find_json();
  bool find_message();
  void take_json(std::string_view text);
  void take_as_it_came(std::string_view bytes);
  Error too_large() const;

  FileKind kind_;
  std::unique_ptr<Transcriber> transcriber_;
  std::string name_;
  std::string given_;  // from at_ on not yet looked for texts
  std::size_t at_ = 0;
  std::size_t scanned_ = 0;  // of the text that begins at at_
  std::size_t depth_ = 0;    // there
  bool in_string_ = false, is_escaped_ = false;
  bool has_ended_ = false;
  std::int64_t position_;         // of the line at counted_, or of the frame
  std::size_t counted_ = 0;       // in given_: line ends before it are in position_
  std::uint32_t frame_left_ = 0;  // messages of a frame that are still to come
  std::string message_;           // of MessagePack, as JSON
  std::string_view packed_;       // its bytes
  std::vector<BarElement> bars_;  // of the text at hand
  std::size_t next_bar_ = 0;
  std::string text_;
  Fields fields_;
  JsonReader checker_;
};

}  // namespace tidemark
