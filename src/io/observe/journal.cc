// spdlog provides time, level, colour and the lock; the rest of the line is ours.
#include "io/observe/journal.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "core/wire/encode.h"
#include "core/wire/visible_text.h"

namespace tidemark {
namespace {

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::Debug:
      return spdlog::level::debug;
    case Level::Info:
      return spdlog::level::info;
    case Level::Warning:
      return spdlog::level::warn;
    case Level::Error:
      return spdlog::level::err;
  }
  std::unreachable();
}

class SpdlogJournal final : public Journal {
 public:
  explicit SpdlogJournal(const JournalOptions& options)
      : format_(options.format), logger_("tidemark", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()) {
    logger_.set_level(spdlog_level(options.level));
    logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>(
        format_ == JournalFormat::Text ? "%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v"
                                       : R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})",
        spdlog::pattern_time_type::utc));
  }

  void write(Level level, std::string_view event, std::initializer_list<Field> fields) override {
    if (!logger_.should_log(spdlog_level(level))) return;
    std::string line;
    if (format_ == JournalFormat::Text) {
      append_text_event(event, fields, line);
    } else {
      append_json_event(event, fields, line);
    }
    logger_.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
  }

 private:
  JournalFormat format_;
  spdlog::logger logger_;
};

// A JSON string without terminal control characters: JSON itself permits DEL, C1 and bytes that are no UTF-8.
void append_quoted(std::string_view text, std::string& out) {
  std::string quoted;
  append_json_string(text, quoted);
  append_visible(quoted, out);
}

bool is_plain(std::string_view value) {
  if (value.empty() || visible(value) != value) return false;
  for (const char c : value) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<Level> parse_level(std::string_view text) {
  if (text == "debug") return Level::Debug;
  if (text == "info") return Level::Info;
  if (text == "warning" || text == "warn") return Level::Warning;
  if (text == "error") return Level::Error;
  return std::nullopt;
}

std::optional<JournalFormat> parse_journal_format(std::string_view text) {
  if (text == "text") return JournalFormat::Text;
  if (text == "json") return JournalFormat::Json;
  return std::nullopt;
}

std::unique_ptr<Journal> open_journal(const JournalOptions& options) {
  return std::make_unique<SpdlogJournal>(options);
}

void append_text_event(std::string_view event, std::initializer_list<Field> fields, std::string& out) {
  out += event;
  for (const Field& field : fields) {
    out += ' ';
    out += field.name;
    out += '=';
    if (is_plain(field.value)) {
      out += field.value;
    } else {
      append_quoted(field.value, out);  // quoted and on one line, whatever it contains
    }
  }
}

void append_json_event(std::string_view event, std::initializer_list<Field> fields, std::string& out) {
  out += R"("event":)";
  append_quoted(event, out);
  for (const Field& field : fields) {
    out += ',';
    append_quoted(field.name, out);
    out += ':';
    append_quoted(field.value, out);
  }
}

}  // namespace tidemark
