// The journal on standard error: one line per event, for people (text) or machines (json).
//
//     2026-11-22T14:30:00.123Z info    serve.listening url=http://localhost:8050 clients=0
//     {"time":"2026-11-22T14:30:00.123Z","level":"info","event":"serve.listening","url":"http://…"}
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "run/interfaces/journal.h"

namespace tidemark {

enum class JournalFormat : std::uint8_t { Text, Json };

struct JournalOptions {
  Level level = Level::Info;                   // --log-level: events below it are not written
  JournalFormat format = JournalFormat::Text;  // --log-format
};

// debug, info, warning (or warn), error; text, json. Empty for anything else.
std::optional<Level> parse_level(std::string_view text);
std::optional<JournalFormat> parse_journal_format(std::string_view text);

// Thread-safe.
std::unique_ptr<Journal> open_journal(const JournalOptions& options);

// The part of an event after the time and the level.
void append_text_event(std::string_view event, std::initializer_list<Field> fields, std::string& out);
void append_json_event(std::string_view event, std::initializer_list<Field> fields, std::string& out);

}  // namespace tidemark
