// Detection: what a file holds, by its beginning up to the end of its first record. Later records are never asked.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/transcribe/bar_format.h"

namespace tidemark {

// How a file is cut into texts, each of which holds bars.
enum class Framing : std::uint8_t {
  Lines,        // each line is a text
  Texts,        // JSON texts over many lines, one after the other
  MessagePack,  // values of it, without anything between them
};

struct FileKind {
  BarFormat format = BarFormat::JsonLines;  // of JsonLines nothing is transcribed
  Framing framing = Framing::Lines;
};

// So much of a file tells what it is, wherever its first line ends.
inline constexpr std::size_t most_detection_bytes = 128 * 1024;

// None: more of it is needed. `is_all`: there is no more.
std::optional<FileKind> detect(std::string_view beginning, bool is_all, const TranscribeOptions& options);

}  // namespace tidemark
