#include "io/query/session.h"

#include <fmt/core.h>

#include <type_traits>
#include <utility>

#include "io/query/hive_functions.h"
#include "io/query/lake_views.h"

namespace tidemark {
namespace {

using duckdb::Type;

CellKind kind_of(Type type) {
  switch (type) {
    case Type::TinyInt:
    case Type::SmallInt:
    case Type::Integer:
    case Type::BigInt:
    case Type::HugeInt:
    case Type::UTinyInt:
    case Type::USmallInt:
    case Type::UInteger:
    case Type::UBigInt:
    case Type::UHugeInt:
    case Type::BigNum:
    case Type::Float:
    case Type::Double:
      return CellKind::Number;
    case Type::Decimal:
      return CellKind::Decimal;
    case Type::Boolean:
      return CellKind::Boolean;
    default:
      return CellKind::Text;
  }
}

bool is_nested(Type type) {
  return type == Type::List || type == Type::Struct || type == Type::Map || type == Type::Array;
}

Error wrong_question(const char* message) {
  return Error::permanent(message == nullptr ? "DuckDB gave no reason" : message);
}

std::string_view text_of(const duckdb::String& value) {
  const bool is_inlined = value.length <= sizeof(value.inlined);
  return {is_inlined ? value.inlined : value.outside.bytes, value.length};
}

}  // namespace

Result<LakeSession> LakeSession::open(const LakeQueryOptions& options, Dialect dialect) {
  const auto library = duckdb::load_library(options.library);
  if (!library) return std::unexpected(library.error());
  const auto statements = lake_statements(options);
  if (!statements) return std::unexpected(statements.error());

  LakeSession session{**library};
  if (auto connected = session.connect(options); !connected) {
    return std::unexpected(connected.error());
  }
  // First, because the lake's last statement locks the settings.
  if (dialect == Dialect::Hive) {
    for (const char* statement : hive_statements()) {
      if (auto done = session.run(statement); !done) {
        return std::unexpected(done.error().while_doing("cannot read HiveQL"));
      }
    }
  }
  for (const std::string& statement : *statements) {
    if (auto done = session.run(statement); !done) {
      return std::unexpected(done.error().while_doing("cannot read the lake"));
    }
  }
  return session;
}

Result<void> LakeSession::connect(const LakeQueryOptions& options) {
  duckdb::Config made = nullptr;
  library_->create_config(&made);
  const auto config = owned(made, library_->destroy_config);
  const auto set = [&](const char* name, const std::string& value) {
    library_->set_config(config.get(), name, value.c_str());
  };
  set("memory_limit", fmt::format("{}B", options.memory_bytes));
  set("temp_directory", "");
  if (options.threads > 0) set("threads", std::to_string(options.threads));
  set("autoinstall_known_extensions", "false");
  set("autoload_known_extensions", "false");
  set("allow_community_extensions", "false");
  set("allow_persistent_secrets", "false");

  duckdb::Database database = nullptr;
  char* error = nullptr;
  if (library_->open_ext(":memory:", &database, config.get(), &error) != duckdb::State::Success) {
    const Owned<char*> message{error, [this](char* text) { library_->free(text); }};
    return std::unexpected(wrong_question(error).while_doing("cannot start DuckDB"));
  }
  database_ = owned(database, library_->close);
  duckdb::Connection connection = nullptr;
  if (library_->connect(database, &connection) != duckdb::State::Success) {
    return std::unexpected(Error::permanent("cannot start DuckDB: it refuses a connection"));
  }
  connection_ = owned(connection, library_->disconnect);
  return {};
}

Result<void> LakeSession::run(const std::string& statement) const {
  duckdb::QueryResult result{};
  const auto state = library_->query(connection_.get(), statement.c_str(), &result);
  Result<void> done;
  if (state != duckdb::State::Success) {
    done = std::unexpected(wrong_question(library_->result_error(&result)));
  }
  library_->destroy_result(&result);
  return done;
}

Result<void> LakeSession::check_syntax(const std::string& sql) const {
  duckdb::Extracted found = nullptr;
  const auto count = library_->extract_statements(connection_.get(), sql.c_str(), &found);
  const auto statements = owned(found, library_->destroy_extracted);
  if (const char* error = library_->extract_statements_error(found)) {
    return std::unexpected(wrong_question(error));
  }
  if (count == 0) return std::unexpected(Error::permanent("there is no query"));
  if (count > 1) {
    return std::unexpected(Error::permanent("one query at a time (PIVOT counts as one if IN names its values)"));
  }
  return {};
}

Result<LakeSession::Question> LakeSession::prepare(const std::string& sql) const {
  duckdb::Prepared made = nullptr;
  const auto state = library_->prepare(connection_.get(), sql.c_str(), &made);
  auto prepared = owned(made, library_->destroy_prepare);
  if (state != duckdb::State::Success) {
    return std::unexpected(wrong_question(library_->prepare_error(made)));
  }
  if (library_->nparams(made) > 0) {
    return std::unexpected(Error::permanent("a query has no parameters: put values in place of ? and $1"));
  }

  Question question{.prepared = nullptr, .type = library_->prepared_statement_type(made)};
  const auto columns = library_->prepared_statement_column_count(made);
  for (duckdb::Index index = 0; index < columns; ++index) {
    const char* name = library_->prepared_statement_column_name(made, index);
    const auto type =
        owned(library_->prepared_statement_column_logical_type(made, index), library_->destroy_logical_type);
    char* alias = library_->logical_type_get_alias(type.get());
    const bool is_json = alias != nullptr && std::string_view{alias} == "JSON";
    const auto id = library_->get_type_id(type.get());
    question.columns.push_back({name, is_json ? CellKind::Json : kind_of(id)});
    question.is_nested.push_back(is_nested(id));
    library_->free(alias);
    library_->free(const_cast<char*>(name));
  }
  question.prepared = std::move(prepared);
  return question;
}

Result<void> LakeSession::fetch(const Question& question,
                                const std::function<bool(std::span<const Cell>)>& take) const {
  duckdb::Pending made = nullptr;
  const auto started = library_->pending_prepared_streaming(question.prepared.get(), &made);
  const auto pending = owned(made, library_->destroy_pending);
  if (started != duckdb::State::Success) {
    return std::unexpected(wrong_question(library_->pending_error(made)));
  }
  duckdb::QueryResult result{};
  const std::unique_ptr<duckdb::QueryResult, std::function<void(duckdb::QueryResult*)>> destroyed{
      &result, library_->destroy_result};
  if (library_->execute_pending(made, &result) != duckdb::State::Success) {
    return std::unexpected(wrong_question(library_->result_error(&result)));
  }
  for (;;) {
    const auto more = fetch_chunk(result, question.columns.size(), take);
    if (!more) return std::unexpected(more.error());
    if (!*more) return {};
  }
}

Result<bool> LakeSession::fetch_chunk(const duckdb::QueryResult& result, std::size_t columns,
                                      const std::function<bool(std::span<const Cell>)>& take) const {
  const auto chunk = owned(library_->fetch_chunk(result), library_->destroy_data_chunk);
  if (chunk == nullptr) {
    duckdb::QueryResult asked = result;
    const char* error = library_->result_error(&asked);
    if (error != nullptr && *error != '\0') return std::unexpected(wrong_question(error));
    return false;
  }
  struct View {
    const duckdb::String* values;
    const std::uint64_t* validity;
  };
  std::vector<View> views;
  for (std::size_t index = 0; index < columns; ++index) {
    const auto vector = library_->data_chunk_get_vector(chunk.get(), index);
    views.push_back(
        {static_cast<const duckdb::String*>(library_->vector_get_data(vector)), library_->vector_get_validity(vector)});
  }
  std::vector<Cell> cells(columns);
  const auto rows = library_->data_chunk_get_size(chunk.get());
  for (duckdb::Index row = 0; row < rows; ++row) {
    for (std::size_t index = 0; index < columns; ++index) {
      const View& view = views[index];
      const bool is_valid = view.validity == nullptr || ((view.validity[row / 64] >> (row % 64)) & 1) != 0;
      cells[index] = is_valid ? Cell{text_of(view.values[row])} : std::nullopt;
    }
    if (!take(cells)) return false;
  }
  return true;
}

}  // namespace tidemark
