// CSV, JSON lines and the JSON document: every digit of every row.
#include <fmt/format.h>

#include "core/wire/encode.h"
#include "io/query/answer.h"
#include "io/query/csv_cell.h"

namespace tidemark {
namespace {

using Clock = std::chrono::steady_clock;

class CsvAnswer final : public Answer {
 public:
  CsvAnswer(std::vector<AnswerColumn> columns, const CsvTexts& texts, const QuerySink& write)
      : columns_(std::move(columns)), texts_(texts), lines_(write) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) lines_.text() += ',';
      append_text(columns_[i].name);  // PIVOT makes column names from texts in the lake
    }
    lines_.text() += '\n';
  }

  bool row(std::span<const Cell> cells) override {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) lines_.text() += ',';
      if (!cells[i]) continue;
      if (is_number(columns_[i].kind))
        append_csv_cell(*cells[i], lines_.text());
      else
        append_text(*cells[i]);
    }
    lines_.text() += '\n';
    return lines_.line_done();
  }
  void end(Extent) override { lines_.flush(); }

 private:
  static bool is_number(CellKind kind) { return kind == CellKind::Number || kind == CellKind::Decimal; }

  void append_text(std::string_view text) {
    if (texts_.raw || !looks_like_a_formula(text)) return append_csv_cell(text, lines_.text());
    append_guarded_csv_cell(text, lines_.text());
    if (texts_.guarded != nullptr) ++*texts_.guarded;
  }

  std::vector<AnswerColumn> columns_;
  CsvTexts texts_;
  Lines lines_;
};

bool is_finite(std::string_view number) {
  const char last = number.back();  // nan, inf, -inf
  return last >= '0' && last <= '9';
}

void append_json_value(Cell cell, CellKind kind, std::string& out) {
  if (!cell || (kind == CellKind::Number && !is_finite(*cell))) {
    out += "null";
  } else if (kind == CellKind::Text) {
    append_json_string(*cell, out);
  } else {
    out += *cell;
  }
}

class JsonAnswer final : public Answer {
 public:
  JsonAnswer(std::vector<AnswerColumn> columns, const QuerySink& write) : columns_(std::move(columns)), lines_(write) {}

  bool row(std::span<const Cell> cells) override {
    std::string& out = lines_.text();
    out += '{';
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += ',';
      append_json_string(columns_[i].name, out);
      out += ':';
      append_json_value(cells[i], columns_[i].kind, out);
    }
    out += "}\n";
    return lines_.line_done();
  }
  void end(Extent) override { lines_.flush(); }

 private:
  std::vector<AnswerColumn> columns_;
  Lines lines_;
};

// {"columns":[{"name":…,"type":…}],"rows":[[…],…],"row_count":N,"truncated":false,"elapsed_ms":1.234}
class DocumentAnswer final : public Answer {
 public:
  DocumentAnswer(std::vector<AnswerColumn> columns, Clock::time_point asked, const QuerySink& write)
      : columns_(std::move(columns)), asked_(asked), lines_(write) {
    std::string& out = lines_.text();
    out += R"({"columns":[)";
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      out += i == 0 ? R"({"name":)" : R"(,{"name":)";
      append_json_string(columns_[i].name, out);
      out += R"(,"type":)";
      append_json_string(columns_[i].type, out);
      out += '}';
    }
    out += R"(],"rows":[)";
  }

  bool row(std::span<const Cell> cells) override {
    std::string& out = lines_.text();
    out += rows_++ == 0 ? "[" : ",[";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += ',';
      append_json_value(cells[i], columns_[i].kind, out);
    }
    out += ']';
    return lines_.line_done();
  }
  void end(Extent extent) override {
    lines_.text() += fmt::format(R"(],"row_count":{},"truncated":{},"elapsed_ms":{:.3f}}})"
                                 "\n",
                                 rows_, extent == Extent::Cut,
                                 std::chrono::duration<double, std::milli>(Clock::now() - asked_).count());
    lines_.flush();
  }

 private:
  std::vector<AnswerColumn> columns_;
  Clock::time_point asked_;
  Lines lines_;
  std::size_t rows_ = 0;
};

constexpr std::size_t piece_size = 64 * 1024;

}  // namespace

bool Lines::line_done() {
  if (text_.size() >= piece_size) return flush();
  return !gone_;
}

bool Lines::flush() {
  if (!gone_ && !text_.empty()) gone_ = !write_(text_);
  text_.clear();
  return !gone_;
}

std::unique_ptr<Answer> begin_csv(std::vector<AnswerColumn> columns, const CsvTexts& texts, const QuerySink& write) {
  return std::make_unique<CsvAnswer>(std::move(columns), texts, write);
}

std::unique_ptr<Answer> begin_json(std::vector<AnswerColumn> columns, const QuerySink& write) {
  return std::make_unique<JsonAnswer>(std::move(columns), write);
}

std::unique_ptr<Answer> begin_document(std::vector<AnswerColumn> columns, Clock::time_point asked,
                                       const QuerySink& write) {
  return std::make_unique<DocumentAnswer>(std::move(columns), asked, write);
}

}  // namespace tidemark
