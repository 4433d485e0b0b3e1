// The part of DuckDB's C API that is used, loaded when the first query arrives.
//
// The npm package with libduckdb.so has no header, and a program that runs no queries should not carry 60 MB. So the
// functions are declared here and looked up by name. Types and meanings: https://duckdb.org/docs/stable/clients/c/api
// (1.4). Only this folder includes it.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

namespace tidemark::duckdb {

using Index = std::uint64_t;
enum class State : int { Success = 0, Failure = 1 };

// Handles: pointers to objects that DuckDB owns until they are closed or destroyed.
using Database = struct DatabaseHandle*;
using Connection = struct ConnectionHandle*;
using Config = struct ConfigHandle*;
using Prepared = struct PreparedHandle*;
using Extracted = struct ExtractedHandle*;
using Pending = struct PendingHandle*;
using Chunk = struct ChunkHandle*;
using Vector = struct VectorHandle*;
using LogicalType = struct LogicalTypeHandle*;

struct QueryResult {  // passed by value; its members are not for us
  Index column_count, row_count, rows_changed;
  void* columns;
  char* error_message;
  void* internal;
};

struct String {  // an element of a VARCHAR vector; up to 12 bytes are inline
  std::uint32_t length;
  union {
    char inlined[12];
    struct {
      char prefix[4];
      const char* bytes;
    } __attribute__((packed)) outside;
  };
};
static_assert(sizeof(String) == 16);

enum class StatementType : int { Select = 1, Explain = 4 };

enum class Type : int {
  Boolean = 1,
  TinyInt = 2,
  SmallInt = 3,
  Integer = 4,
  BigInt = 5,
  UTinyInt = 6,
  USmallInt = 7,
  UInteger = 8,
  UBigInt = 9,
  Float = 10,
  Double = 11,
  HugeInt = 16,
  Varchar = 17,
  Decimal = 19,
  List = 24,
  Struct = 25,
  Map = 26,
  UHugeInt = 32,
  Array = 33,
  BigNum = 35,
};

// The name of the C function without duckdb_, what it returns, what it takes.
// NOLINTBEGIN(bugprone-macro-parentheses): types in parentheses would be no types
#define TIDEMARK_DUCKDB_FUNCTIONS(X)                                        \
  X(create_config, State, (Config*))                                        \
  X(set_config, State, (Config, const char*, const char*))                  \
  X(destroy_config, void, (Config*))                                        \
  X(open_ext, State, (const char*, Database*, Config, char**))              \
  X(close, void, (Database*))                                               \
  X(connect, State, (Database, Connection*))                                \
  X(disconnect, void, (Connection*))                                        \
  X(interrupt, void, (Connection))                                          \
  X(query, State, (Connection, const char*, QueryResult*))                  \
  X(extract_statements, Index, (Connection, const char*, Extracted*))       \
  X(extract_statements_error, const char*, (Extracted))                     \
  X(destroy_extracted, void, (Extracted*))                                  \
  X(prepare, State, (Connection, const char*, Prepared*))                   \
  X(prepare_error, const char*, (Prepared))                                 \
  X(destroy_prepare, void, (Prepared*))                                     \
  X(nparams, Index, (Prepared))                                             \
  X(prepared_statement_type, StatementType, (Prepared))                     \
  X(prepared_statement_column_count, Index, (Prepared))                     \
  X(prepared_statement_column_name, const char*, (Prepared, Index))         \
  X(prepared_statement_column_logical_type, LogicalType, (Prepared, Index)) \
  X(get_type_id, Type, (LogicalType))                                       \
  X(logical_type_get_alias, char*, (LogicalType))                           \
  X(destroy_logical_type, void, (LogicalType*))                             \
  X(pending_prepared_streaming, State, (Prepared, Pending*))                \
  X(pending_error, const char*, (Pending))                                  \
  X(execute_pending, State, (Pending, QueryResult*))                        \
  X(destroy_pending, void, (Pending*))                                      \
  X(result_error, const char*, (QueryResult*))                              \
  X(destroy_result, void, (QueryResult*))                                   \
  X(fetch_chunk, Chunk, (QueryResult))                                      \
  X(data_chunk_get_size, Index, (Chunk))                                    \
  X(data_chunk_get_vector, Vector, (Chunk, Index))                          \
  X(destroy_data_chunk, void, (Chunk*))                                     \
  X(vector_get_data, void*, (Vector))                                       \
  X(vector_get_validity, std::uint64_t*, (Vector))                          \
  X(free, void, (void*))

struct Library {
#define TIDEMARK_DUCKDB_MEMBER(name, result, parameters) result(*name) parameters = nullptr;
  TIDEMARK_DUCKDB_FUNCTIONS(TIDEMARK_DUCKDB_MEMBER)
#undef TIDEMARK_DUCKDB_MEMBER
};
// NOLINTEND(bugprone-macro-parentheses)

// Opened once and never closed, because DuckDB's threads may outlive a query. An empty path: ../lib/tidemark beside the
// program, else the file the program was built with, else wherever the system looks.
Result<const Library*> load_library(const std::string& path);

}  // namespace tidemark::duckdb
