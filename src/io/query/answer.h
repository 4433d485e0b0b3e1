// An answer on its way out: cells as DuckDB wrote them, laid out as a table, CSV or JSON lines.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/query/query.h"

namespace tidemark {

// What a cell's text is, as far as the layouts care.
enum class CellKind : std::uint8_t {
  Text,
  Number,   // digits, perhaps with a point, an exponent; nan and inf
  Decimal,  // digits, all cells of the column with as many places
  Boolean,
  Json,  // JSON already
};

struct AnswerColumn {
  std::string name;
  CellKind kind = CellKind::Text;
  std::string type = {};  // as SQL writes it: DECIMAL(19,9); only a document says it
};

using Cell = std::optional<std::string_view>;  // none: NULL

class Answer {
 public:
  virtual ~Answer() = default;
  virtual bool row(std::span<const Cell> cells) = 0;  // false: no more rows are wanted
  virtual void end(Extent extent) = 0;                // after the last row, once
};

// Where its lines would be longer than `width`, a few rows stand upright, a line a value; of more rows the last columns are left
// out, and the last line says so. 0: no limit.
std::unique_ptr<Answer> begin_table(std::vector<AnswerColumn> columns, std::size_t width, const QuerySink& write);
std::unique_ptr<Answer> begin_csv(std::vector<AnswerColumn> columns, const CsvTexts& texts, const QuerySink& write);
std::unique_ptr<Answer> begin_json(std::vector<AnswerColumn> columns, const QuerySink& write);
// `asked`: when the question came.
std::unique_ptr<Answer> begin_document(std::vector<AnswerColumn> columns, std::chrono::steady_clock::time_point asked,
                                       const QuerySink& write);

// Gathers text so that the sink is called for pieces, not for lines.
class Lines {
 public:
  explicit Lines(const QuerySink& write) : write_(write) {}
  std::string& text() { return text_; }
  bool line_done();  // false once the reader has gone
  bool flush();

 private:
  const QuerySink& write_;
  std::string text_;
  bool gone_ = false;
};

}  // namespace tidemark
