// A session: an in-memory DuckDB with the lake's views, locked, for one query.
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

// A DuckDB handle with the function that destroys it.
template <typename Handle>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, std::function<void(Handle)>>;

template <typename Handle>
Owned<Handle> owned(Handle handle, void (*give_back)(Handle*)) {
  return {handle, [give_back](Handle held) { give_back(&held); }};
}

// The SQL dialect that a session understands.
enum class Dialect : std::uint8_t { DuckDb, Hive };

class LakeSession {
 public:
  static Result<LakeSession> open(const LakeQueryOptions& options, Dialect dialect);

  // A query that DuckDB has prepared but not executed.
  struct Question {
    Owned<duckdb::Prepared> prepared;
    duckdb::StatementType type;
    std::vector<AnswerColumn> columns;
    std::vector<bool> is_nested;  // lists, structs, maps
  };
  Result<void> check_syntax(const std::string& sql) const;  // that it is one statement
  Result<Question> prepare(const std::string& sql) const;

  // Passes every row of an answer to `take` until it returns false. All columns must be VARCHAR.
  Result<void> fetch(const Question& question, const std::function<bool(std::span<const Cell>)>& take) const;

  // From any thread: ends the running query with an error.
  void interrupt() const { library_->interrupt(connection_.get()); }

 private:
  explicit LakeSession(const duckdb::Library& library) : library_(&library) {}
  Result<void> connect(const LakeQueryOptions& options);
  Result<void> run(const std::string& statement) const;
  Result<bool> fetch_chunk(const duckdb::QueryResult& result, std::size_t columns,
                           const std::function<bool(std::span<const Cell>)>& take) const;

  const duckdb::Library* library_;
  Owned<duckdb::Database> database_;
  Owned<duckdb::Connection> connection_;  // destroyed first
};

}  // namespace tidemark
