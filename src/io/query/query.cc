#include "io/query/query.h"

#include <fmt/core.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "io/query/answer.h"
#include "io/query/first_word.h"
#include "io/query/forbidden_functions.h"
#include "io/query/hive_reading.h"
#include "io/query/plain_number.h"
#include "io/query/session.h"
#include "io/query/sql_literal.h"

namespace tidemark {
namespace {

using Clock = std::chrono::steady_clock;

// Stops a query that takes too long.
class TimeLimit {
 public:
  TimeLimit(const LakeSession& session, std::chrono::milliseconds limit)
      : watcher_([this, &session, limit](const std::stop_token& stop) {
          std::unique_lock lock{mutex_};
          const auto answered = [&stop] { return stop.stop_requested(); };
          // Repeatedly, because an interruption between two statements would be lost.
          for (auto wait = limit; !changed_.wait_for(lock, stop, wait, answered); wait = again) {
            if (stop.stop_requested()) return;
            is_over_ = true;
            session.interrupt();
          }
        }) {}

  bool is_over() const {
    const std::lock_guard lock{mutex_};
    return is_over_;
  }

 private:
  static constexpr std::chrono::milliseconds again{50};

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_over_ = false;
  std::jthread watcher_;  // last, so that it ends before the others are destroyed
};

bool is_json(QueryFormat format) { return format == QueryFormat::Json || format == QueryFormat::Document; }

// The same query with every cell as text, because DuckDB formats its own types best.
std::string as_text(std::string_view sql, const LakeSession::Question& question, QueryFormat format) {
  std::string cells, names;
  for (std::size_t i = 0; i < question.columns.size(); ++i) {
    const std::string_view comma = i == 0 ? "" : ", ";
    const bool to_json = is_json(format) && question.is_nested[i];
    cells += fmt::format("{}CAST({}(c{}) AS VARCHAR)", comma, to_json ? "to_json" : "", i);
    names += fmt::format("{}c{}", comma, i);
  }
  return fmt::format("SELECT {} FROM query({}) AS q({})", cells, sql_literal(sql), names);
}

std::unique_ptr<Answer> begin(const LakeQueryOptions& options, std::vector<AnswerColumn> columns,
                              Clock::time_point asked, const QuerySink& write) {
  switch (options.format) {
    case QueryFormat::Csv:
      return begin_csv(std::move(columns), options.csv_texts, write);
    case QueryFormat::Json:
      return begin_json(std::move(columns), write);
    case QueryFormat::Document:
      return begin_document(std::move(columns), asked, write);
    case QueryFormat::Table:
      break;
  }
  return begin_table(std::move(columns), options.width, write);
}

Error refused() {
  return Error::permanent("the lake is read-only: ask with SELECT, FROM, WITH, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN");
}

// Fills in the SQL names of the columns' types.
Result<void> name_types(const LakeSession& session, std::string_view sql, std::vector<AnswerColumn>& columns) {
  const auto question = session.prepare(fmt::format("DESCRIBE SELECT * FROM query({})", sql_literal(sql)));
  if (!question) return std::unexpected(question.error());
  std::size_t next = 0;
  return session.fetch(*question, [&](std::span<const Cell> cells) {
    if (next < columns.size()) columns[next++].type = cells[1].value_or("");
    return true;
  });
}

// An error if the query calls a function that does more than read.
Result<void> refuse_forbidden_functions(const LakeSession& session, std::string_view sql, duckdb::StatementType type) {
  if (!may_call_forbidden_function(sql)) return {};
  if (type == duckdb::StatementType::Explain) {
    if (!runs_what_it_explains(sql)) return {};
    return std::unexpected(
        Error::permanent("EXPLAIN ANALYZE does not run queries with such a function; EXPLAIN shows their plan"));
  }
  const auto plan = session.prepare(fmt::format("EXPLAIN (FORMAT json) SELECT * FROM query({})", sql_literal(sql)));
  if (!plan) return std::unexpected(plan.error());
  std::optional<std::string> found;
  auto looked = session.fetch(*plan, [&](std::span<const Cell> cells) {
    for (const Cell& cell : cells)
      if (cell && !found) found = forbidden_function_in(*cell);
    return true;
  });
  if (!looked || !found) return looked;
  return std::unexpected(
      Error::permanent(fmt::format("the lake is read-only: the function {} is not allowed", *found)));
}

// The statement whose cells are all text, and the columns of the original query.
Result<LakeSession::Question> to_fetch(const LakeSession& session, std::string_view sql, QueryFormat format,
                                       std::vector<AnswerColumn>& columns) {
  if (auto parsed = session.check_syntax(std::string(sql)); !parsed) {
    return std::unexpected(parsed.error());
  }
  if (!is_question(sql)) return std::unexpected(refused());
  auto question = session.prepare(std::string(sql));
  if (!question) return question;
  columns = question->columns;
  if (auto harmless = refuse_forbidden_functions(session, sql, question->type); !harmless)
    return std::unexpected(harmless.error());
  if (question->type == duckdb::StatementType::Explain) {
    for (AnswerColumn& column : columns) column.type = "VARCHAR";
    return question;
  }
  if (question->type != duckdb::StatementType::Select) return std::unexpected(refused());
  const bool has_nested = std::ranges::find(question->is_nested, true) != question->is_nested.end();
  if (format == QueryFormat::Document || has_nested) {
    if (auto named = name_types(session, sql, columns); !named) return std::unexpected(named.error());
  }
  if (is_json(format)) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (question->is_nested[i]) columns[i].kind = CellKind::Json;
    }
  }
  return session.prepare(as_text(sql, *question, format));
}

// DuckDB's message, without the line of our wrapping query and without advice that cannot be followed here.
Error while_answering(const Error& error, const LakeQueryOptions& options) {
  const std::string& message = error.message();
  if (message.starts_with("Out of Memory Error")) {
    return Error::permanent(
        fmt::format("the question needs more than its {} MB of memory: ask for fewer days, symbols or columns, "
                    "or give it more",
                    options.memory_bytes / 1'000'000));
  }
  return Error::permanent(message.substr(0, message.find("\n\nLINE ")));
}

// A plan is already drawn, so its cells are written unchanged.
class PlanAnswer final : public Answer {
 public:
  explicit PlanAnswer(const QuerySink& write) : lines_(write) {}
  bool row(std::span<const Cell> cells) override {
    lines_.text() += cells.back().value_or("");
    return lines_.line_done();
  }
  void end(Extent) override { lines_.flush(); }

 private:
  Lines lines_;
};

// The cells of a row, with numbers written without an exponent.
class PlainCells {
 public:
  explicit PlainCells(const std::vector<AnswerColumn>& columns) : cells_(columns.size()), texts_(columns.size()) {
    for (const AnswerColumn& column : columns) holds_numbers_.push_back(holds_numbers(column));
  }

  std::span<const Cell> of(std::span<const Cell> row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells_[i] = row[i];
      if (!row[i] || !holds_numbers_[i] || row[i]->find('e') == std::string_view::npos) continue;
      texts_[i].clear();
      append_plain_numbers(*row[i], texts_[i]);
      cells_[i] = texts_[i];
    }
    return cells_;
  }

 private:
  // A list or struct that holds texts stays unchanged, because a text may look like a number.
  static bool holds_numbers(const AnswerColumn& column) {
    if (column.kind == CellKind::Number || column.kind == CellKind::Json) return true;
    const bool has_numbers =
        column.type.find("DOUBLE") != std::string::npos || column.type.find("FLOAT") != std::string::npos;
    return column.kind == CellKind::Text && has_numbers && column.type.find("VARCHAR") == std::string::npos;
  }

  std::vector<Cell> cells_;
  std::vector<std::string> texts_;
  std::vector<bool> holds_numbers_;
};

// How far a query got: whether DuckDB understood it, and its answer.
struct Attempt {
  bool is_understood = false;
  Result<Extent> extent = Extent::Whole;
};

Attempt answer(const LakeSession& session, const LakeQueryOptions& options, std::string_view sql,
               Clock::time_point asked, const QuerySink& write) {
  std::vector<AnswerColumn> columns;
  const auto question = to_fetch(session, sql, options.format, columns);
  if (!question) return {.extent = std::unexpected(question.error())};
  PlainCells plain(columns);
  const bool is_plan = question->type == duckdb::StatementType::Explain;
  const auto laid_out = is_plan && options.format == QueryFormat::Table
                            ? std::unique_ptr<Answer>(std::make_unique<PlanAnswer>(write))
                            : begin(options, std::move(columns), asked, write);
  std::size_t rows = 0;
  auto extent = Extent::Whole;
  const auto fetched = session.fetch(*question, [&](std::span<const Cell> cells) {
    if (options.row_limit > 0 && rows++ == options.row_limit) {
      extent = Extent::Cut;
      return false;
    }
    return laid_out->row(plain.of(cells));
  });
  if (!fetched) return {.is_understood = true, .extent = std::unexpected(while_answering(fetched.error(), options))};
  laid_out->end(extent);
  return {.is_understood = true, .extent = extent};
}

// A day was exchanged after its files were listed and before one was read. The new file holds the same rows or better
// ones. These are DuckDB's messages for a missing file.
bool is_vanished_file(const Error& error) {
  const std::string& message = error.message();
  return message.find("No such file or directory") != message.npos || message.find("No files found") != message.npos;
}

Attempt ask_in(Dialect dialect, const LakeQueryOptions& options, std::string_view sql, const QuerySink& write) {
  const auto asked = Clock::now();
  const auto session = LakeSession::open(options, dialect);
  if (!session) return {.is_understood = true, .extent = std::unexpected(session.error())};
  const TimeLimit limit{*session, options.time_limit};
  auto attempt = answer(*session, options, sql, asked, write);
  if (!attempt.extent && limit.is_over()) {
    return {.is_understood = true,
            .extent = std::unexpected(Error::permanent(
                fmt::format("the question was stopped after {} s: ask for fewer days or symbols, or give it more time",
                            std::chrono::duration<double>(options.time_limit).count())))};
  }
  return attempt;
}

// A query that DuckDB understands keeps its meaning there; only others are read as HiveQL. If both fail, the error is
// that of HiveQL if the query has constructs of it, else DuckDB's.
Result<Extent> ask(const LakeQueryOptions& options, std::string_view sql, const QuerySink& write) {
  auto plain = ask_in(Dialect::DuckDb, options, sql, write);
  if (plain.is_understood) return plain.extent;
  const std::string in_hive = hive_reading(sql);
  auto hive = ask_in(Dialect::Hive, options, in_hive, write);
  return hive.is_understood || in_hive != sql ? hive.extent : plain.extent;
}

}  // namespace

std::optional<QueryFormat> parse_query_format(std::string_view text) {
  if (text == "table") return QueryFormat::Table;
  if (text == "csv") return QueryFormat::Csv;
  if (text == "json") return QueryFormat::Json;
  if (text == "document") return QueryFormat::Document;
  return std::nullopt;
}

Result<Extent> run_query(const LakeQueryOptions& options, std::string_view sql, const QuerySink& write) {
  bool has_written = false;
  const auto note = [&](std::string_view piece) {
    has_written = true;
    return write(piece);
  };
  auto answered = ask(options, sql, note);
  if (answered || !is_vanished_file(answered.error())) return answered;
  if (!has_written) return ask(options, sql, write);
  return std::unexpected(Error::permanent("files of the lake were replaced while the answer was written: ask again"));
}

}  // namespace tidemark
