// A session: one DuckDB in memory with the lake's views, locked, for one question.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "core/result.h"
#include "io/query/answer.h"
#include "io/query/duckdb_library.h"
#include "io/query/query.h"

namespace tidemark {

// A handle of DuckDB with the function that gives it back.
template <typename Handle>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, std::function<void(Handle)>>;

template <typename Handle>
Owned<Handle> owned(Handle handle, void (*give_back)(Handle*)) {
  return {handle, [give_back](Handle held) { give_back(&held); }};
}

// Whose SQL a session understands.
enum class Dialect : std::uint8_t { DuckDb, Hive };

class LakeSession {
 public:
  static Result<LakeSession> open(const LakeQueryOptions& options, Dialect dialect);

  // A question that DuckDB has understood, but not answered yet.
  struct Question {
    Owned<duckdb::Prepared> prepared;
    duckdb::StatementType type;
    std::vector<AnswerColumn> columns;
    std::vector<bool> is_nested;  // lists, structs, maps
  };
  Result<void> check_syntax(const std::string& sql) const;  // that it is one statement
  Result<Question> prepare(const std::string& sql) const;

  // Hands over every row of an answer whose columns are all VARCHAR, until `take` returns false.
  Result<void> fetch(const Question& question, const std::function<bool(std::span<const Cell>)>& take) const;

  // From any thread: what runs ends with an error.
  void interrupt() const { library_->interrupt(connection_.get()); }

 private:
  explicit LakeSession(const duckdb::Library& library) : library_(&library) {}
  Result<void> connect(const LakeQueryOptions& options);
  Result<void> run(const std::string& statement) const;
  Result<bool> fetch_chunk(const duckdb::QueryResult& result, std::size_t columns,
                           const std::function<bool(std::span<const Cell>)>& take) const;

  const duckdb::Library* library_;
  Owned<duckdb::Database> database_;
  Owned<duckdb::Connection> connection_;  // goes first
};

}  // namespace tidemark
