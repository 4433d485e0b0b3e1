// CSV and JSON lines: one row a line, every row, every digit.
#include "core/wire/encode.h"
#include "io/query/answer.h"

namespace tidemark {
namespace {

void append_csv_field(Cell cell, std::string& out) {
  if (!cell) return;
  if (!cell->empty() && cell->find_first_of(",\"\r\n") == std::string_view::npos) {
    out += *cell;
    return;
  }
  out += '"';
  for (const char c : *cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

class CsvAnswer final : public Answer {
 public:
  CsvAnswer(const std::vector<AnswerColumn>& columns, const QuerySink& write) : lines_(write) {
    std::vector<Cell> names(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) names[i] = columns[i].name;
    row(names);
  }

  bool row(std::span<const Cell> cells) override {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) lines_.text() += ',';
      append_csv_field(cells[i], lines_.text());
    }
    lines_.text() += '\n';
    return lines_.line_done();
  }
  void end() override { lines_.flush(); }

 private:
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
  void end() override { lines_.flush(); }

 private:
  std::vector<AnswerColumn> columns_;
  Lines lines_;
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

std::unique_ptr<Answer> begin_csv(std::vector<AnswerColumn> columns, const QuerySink& write) {
  return std::make_unique<CsvAnswer>(columns, write);
}

std::unique_ptr<Answer> begin_json(std::vector<AnswerColumn> columns, const QuerySink& write) {
  return std::make_unique<JsonAnswer>(std::move(columns), write);
}

}  // namespace tidemark
