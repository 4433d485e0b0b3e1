// Detects what a file holds from its beginning, up to the end of its first record. Later records do not matter.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/transcribe/bar_format.h"

namespace tidemark {

// How a file is cut into texts, each of which holds bars.
enum class Framing : std::uint8_t {
  Lines,        // each line is a text
  Texts,        // JSON texts over many lines, one after another
  MessagePack,  // MessagePack values, with nothing between them
};

struct FileKind {
  BarFormat format = BarFormat::JsonLines;  // JsonLines need no transcription
  Framing framing = Framing::Lines;
};

// The limit of what detection reads, wherever the first line ends.
inline constexpr std::size_t most_detection_bytes = 128 * 1024;

// Empty: more of the file is needed. `is_all`: there is no more.
std::optional<FileKind> detect(std::string_view beginning, bool is_all, const TranscribeOptions& options);

}  // namespace tidemark
