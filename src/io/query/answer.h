// Answers: cells as DuckDB wrote them, laid out as a table, CSV or JSON.
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

// The kind of a cell's text, as far as the layouts need it.
enum class CellKind : std::uint8_t {
  Text,
  Number,   // digits, perhaps with a point, an exponent; nan and inf
  Decimal,  // digits; all cells of the column have the same number of places
  Boolean,
  Json,  // JSON already
};

struct AnswerColumn {
  std::string name;
  CellKind kind = CellKind::Text;
  std::string type = {};  // as SQL writes it: DECIMAL(19,9); only documents have it
};

using Cell = std::optional<std::string_view>;  // empty: NULL

class Answer {
 public:
  virtual ~Answer() = default;
  virtual bool row(std::span<const Cell> cells) = 0;  // false: no more rows are wanted
  virtual void end(Extent extent) = 0;                // after the last row, once
};

// If lines would be longer than `width`, a few rows are written vertically, one value a line. With more rows the last
// columns are omitted, and the last line says so. 0: no limit.
std::unique_ptr<Answer> begin_table(std::vector<AnswerColumn> columns, std::size_t width, const QuerySink& write);
std::unique_ptr<Answer> begin_csv(std::vector<AnswerColumn> columns, const CsvTexts& texts, const QuerySink& write);
std::unique_ptr<Answer> begin_json(std::vector<AnswerColumn> columns, const QuerySink& write);
// `asked`: when the query arrived.
std::unique_ptr<Answer> begin_document(std::vector<AnswerColumn> columns, std::chrono::steady_clock::time_point asked,
                                       const QuerySink& write);

// Collects text so that the sink is called for large pieces, not for lines.
class Lines {
 public:
  explicit Lines(const QuerySink& write) : write_(write) {}
  std::string& text() { return text_; }
  bool line_done();  // false once the reader is gone
  bool flush();

 private:
  const QuerySink& write_;
  std::string text_;
  bool gone_ = false;
};

}  // namespace tidemark
