#include "io/hive/hive_metastore.h"

#include <HiveMetastore.h>
#include <fmt/format.h>
#include <thrift/TOutput.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSocket.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

namespace tidemark {
namespace {

namespace wire = metastore;
using apache::thrift::TException;
using apache::thrift::protocol::TBinaryProtocol;
using apache::thrift::transport::TBufferedTransport;
using apache::thrift::transport::TSocket;

constexpr std::string_view input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
constexpr std::string_view output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";
constexpr std::string_view parquet_serde = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";
constexpr std::size_t longest_reason = 500;  // of what a server says
constexpr std::int16_t all = -1;

// Hive answers with whole stack traces.
std::string first_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  return std::string(text.substr(0, longest_reason));
}

std::vector<wire::FieldSchema> to_wire(const std::vector<CatalogColumn>& columns) {
  std::vector<wire::FieldSchema> fields;
  for (const CatalogColumn& column : columns) {
    wire::FieldSchema& field = fields.emplace_back();
    field.name = column.name;
    field.type = column.type;
  }
  return fields;
}

std::vector<CatalogColumn> from_wire(const std::vector<wire::FieldSchema>& fields) {
  std::vector<CatalogColumn> columns;
  for (const wire::FieldSchema& field : fields) columns.push_back({field.name, field.type});
  return columns;
}

wire::Table to_wire(const CatalogTable& table, const std::string& owner) {
  wire::Table made;
  made.tableName = table.name;
  made.dbName = table.database;
  made.owner = owner;
  made.tableType = "EXTERNAL_TABLE";
  made.partitionKeys = to_wire(table.partition_columns);
  made.parameters = table.parameters;
  made.parameters["EXTERNAL"] = "TRUE";
  made.sd.cols = to_wire(table.columns);
  made.sd.location = table.location;
  made.sd.inputFormat = input_format;
  made.sd.outputFormat = output_format;
  made.sd.numBuckets = -1;
  made.sd.serdeInfo.serializationLib = parquet_serde;
  made.sd.serdeInfo.parameters["serialization.format"] = "1";
  return made;
}

CatalogTable from_wire(const wire::Table& table) {
  const auto external = table.parameters.find("EXTERNAL");
  return {
      .database = table.dbName,
      .name = table.tableName,
      .location = table.sd.location,
      .is_external = table.tableType == "EXTERNAL_TABLE" ||
                     (external != table.parameters.end() && (external->second == "TRUE" || external->second == "true")),
      .is_parquet = table.sd.serdeInfo.serializationLib == parquet_serde,
      .columns = from_wire(table.sd.cols),
      .partition_columns = from_wire(table.partitionKeys),
      .parameters = table.parameters};
}

std::string reason_of(const TException& error) {
  if (const auto* meta = dynamic_cast<const wire::MetaException*>(&error)) return first_line(meta->message);
  if (const auto* object = dynamic_cast<const wire::InvalidObjectException*>(&error))
    return first_line(object->message);
  if (const auto* deed = dynamic_cast<const wire::InvalidOperationException*>(&error)) return first_line(deed->message);
  if (const auto* missing = dynamic_cast<const wire::NoSuchObjectException*>(&error))
    return first_line(missing->message);
  if (const auto* there = dynamic_cast<const wire::AlreadyExistsException*>(&error)) return first_line(there->message);
  return first_line(error.what());
}

// Whether the server answered, in its own words; else the connection is to blame.
bool is_answer(const TException& error) {
  return dynamic_cast<const wire::MetaException*>(&error) != nullptr ||
         dynamic_cast<const wire::InvalidObjectException*>(&error) != nullptr ||
         dynamic_cast<const wire::InvalidOperationException*>(&error) != nullptr ||
         dynamic_cast<const wire::NoSuchObjectException*>(&error) != nullptr ||
         dynamic_cast<const wire::AlreadyExistsException*>(&error) != nullptr;
}

std::string cure_of(std::string_view reason) {
  if (reason.find("ermission denied") != reason.npos || reason.find("AccessControl") != reason.npos)
    return "; the metastore looks into the lake's folders: let its user, or the user named in hive "
           "(thrift://USER@HOST), "
           "read them";
  return "";
}

// Thrift writes to standard error by itself otherwise.
void be_silent() {
  static std::once_flag once;
  std::call_once(once, [] { apache::thrift::GlobalOutput.setOutputFunction([](const char*) {}); });
}

class ThriftMetastore final : public Metastore {
 public:
  explicit ThriftMetastore(HiveAccess access) : access_(std::move(access)) { be_silent(); }
  ~ThriftMetastore() override { close(); }
  ThriftMetastore(const ThriftMetastore&) = delete;
  ThriftMetastore& operator=(const ThriftMetastore&) = delete;

  Result<void> ensure_database(const std::string& name) override {
    return call(fmt::format("make the database {}", name), [&](wire::HiveMetastoreClient& client) {
      wire::Database database;
      try {
        return client.get_database(database, name);
      } catch (const wire::NoSuchObjectException&) {
        database.name = name;
      }
      try {
        client.create_database(database);
      } catch (const wire::AlreadyExistsException&) {
      }
    });
  }

  Result<std::optional<CatalogTable>> table(const std::string& database, const std::string& name) override {
    return call(fmt::format("look at {}.{}", database, name),
                [&](wire::HiveMetastoreClient& client) -> std::optional<CatalogTable> {
                  try {
                    return from_wire(get(client, database, name));
                  } catch (const wire::NoSuchObjectException&) {
                    return std::nullopt;
                  }
                });
  }

  Result<void> create(const CatalogTable& table) override {
    return call(fmt::format("make the table {}.{}", table.database, table.name),
                [&](wire::HiveMetastoreClient& client) {
                  try {
                    client.create_table(to_wire(table, access_.user));
                  } catch (const wire::AlreadyExistsException&) {  // by another process of ours, or by the first try
                  }
                });
  }

  Result<void> add_columns(const CatalogTable& table, std::span<const CatalogColumn> columns) override {
    return call(fmt::format("add columns to {}.{}", table.database, table.name),
                [&](wire::HiveMetastoreClient& client) {
                  wire::Table grown = get(client, table.database, table.name);
                  for (const CatalogColumn& column : columns) {
                    if (std::ranges::find(grown.sd.cols, column.name, &wire::FieldSchema::name) != grown.sd.cols.end())
                      continue;
                    wire::FieldSchema& field = grown.sd.cols.emplace_back();
                    field.name = column.name;
                    field.type = column.type;
                  }
                  client.alter_table_with_cascade(table.database, table.name, grown, true);
                });
  }

  Result<std::vector<CatalogPartition>> partitions(const CatalogTable& table) override {
    return call(fmt::format("list the partitions of {}.{}", table.database, table.name),
                [&](wire::HiveMetastoreClient& client) {
                  std::vector<wire::Partition> found;
                  client.get_partitions(found, table.database, table.name, all);
                  std::vector<CatalogPartition> partitions;
                  for (const wire::Partition& each : found)
                    if (each.values.size() == 1)
                      partitions.push_back({each.values.front(), each.sd.location, each.parameters});
                  return partitions;
                });
  }

  Result<void> add_partitions(const CatalogTable& table, std::span<const CatalogPartition> partitions) override {
    return call(fmt::format("add partitions to {}.{}", table.database, table.name),
                [&](wire::HiveMetastoreClient& client) {
                  const wire::Table whole = get(client, table.database, table.name);
                  wire::AddPartitionsRequest request;
                  request.dbName = table.database;
                  request.tblName = table.name;
                  request.ifNotExists = true;
                  request.__set_needResult(false);
                  for (const CatalogPartition& partition : partitions) {
                    wire::Partition& made = request.parts.emplace_back();
                    made.values = {partition.value};
                    made.dbName = table.database;
                    made.tableName = table.name;
                    made.sd = whole.sd;
                    made.sd.location = partition.location;
                    made.parameters = partition.parameters;
                  }
                  wire::AddPartitionsResult ignored;
                  client.add_partitions_req(ignored, request);
                });
  }

  Result<void> alter_partitions(const CatalogTable& table, std::span<const CatalogPartition> partitions) override {
    return call(fmt::format("change partitions of {}.{}", table.database, table.name),
                [&](wire::HiveMetastoreClient& client) {
                  std::vector<std::string> names;
                  for (const CatalogPartition& partition : partitions)
                    names.push_back(fmt::format("{}={}", table.partition_columns.front().name, partition.value));
                  std::vector<wire::Partition> found;
                  client.get_partitions_by_names(found, table.database, table.name, names);
                  for (wire::Partition& each : found)
                    for (const CatalogPartition& wanted : partitions) {
                      if (each.values.size() != 1 || each.values.front() != wanted.value) continue;
                      each.sd.location = wanted.location;
                      for (const auto& [name, value] : wanted.parameters) each.parameters[name] = value;
                    }
                  wire::EnvironmentContext context;  // the metastore would list the folders, and count by itself
                  context.properties["DO_NOT_UPDATE_STATS"] = "true";
                  if (!found.empty())
                    client.alter_partitions_with_environment_context(table.database, table.name, found, context);
                });
  }

  Result<void> drop_partition(const CatalogTable& table, const std::string& value) override {
    return call(fmt::format("drop the partition {} of {}.{}", value, table.database, table.name),
                [&](wire::HiveMetastoreClient& client) {
                  try {
                    client.drop_partition(table.database, table.name, {value}, false);
                  } catch (const wire::NoSuchObjectException&) {
                  }
                });
  }

 private:
  static wire::Table get(wire::HiveMetastoreClient& client, const std::string& database, const std::string& name) {
    wire::GetTableRequest request;
    request.dbName = database;
    request.tblName = name;
    wire::GetTableResult result;
    client.get_table_req(result, request);
    return std::move(result.table);
  }

  // Every call here may be made twice: what is there already is left, and what is set is set to the same.
  template <typename Call>
  auto call(const std::string& doing, Call make) -> Result<std::invoke_result_t<Call, wire::HiveMetastoreClient&>> {
    std::string failures;
    for (std::size_t tried = 0; tried < access_.servers.size();) {
      const bool is_fresh = !client_;
      try {
        connect();
        if constexpr (std::is_void_v<std::invoke_result_t<Call, wire::HiveMetastoreClient&>>) {
          make(*client_);
          return {};
        } else {
          return make(*client_);
        }
      } catch (const TException& error) {
        const std::string reason = reason_of(error), place = to_text(access_.servers[server_]);
        close();
        if (is_answer(error))
          return std::unexpected(
              Error::retryable(fmt::format("the metastore {} cannot {}: {}{}", place, doing, reason, cure_of(reason))));
        if (!is_fresh) continue;  // closed while it was idle: connect anew, to the same server first
        failures += fmt::format("{}{}: {}", failures.empty() ? "" : "; ", place, reason);
        server_ = (server_ + 1) % access_.servers.size();
        ++tried;
      }
    }
    return std::unexpected(Error::retryable(fmt::format(
        "no metastore can {} ({}); does it run (hive --service metastore), is this the address of hive.metastore.uris, "
        "and is hive.metastore.sasl.enabled false? Kerberos is not supported yet",
        doing, failures)));
  }

  void connect() {
    if (client_) return;
    const HiveServer& server = access_.servers[server_];
    const auto socket = std::make_shared<TSocket>(server.host, server.port);
    socket->setConnTimeout(static_cast<int>(access_.to_connect.count()));
    socket->setRecvTimeout(static_cast<int>(access_.to_answer.count()));
    socket->setSendTimeout(static_cast<int>(access_.to_answer.count()));
    socket->setKeepAlive(true);
    transport_ = std::make_shared<TBufferedTransport>(socket);
    transport_->open();
    client_ = std::make_unique<wire::HiveMetastoreClient>(std::make_shared<TBinaryProtocol>(transport_));
    if (access_.user.empty()) return;
    std::vector<std::string> ignored;
    client_->set_ugi(ignored, access_.user, {});
  }

  void close() {
    client_.reset();
    if (!transport_) return;
    try {
      transport_->close();
    } catch (const TException&) {  // it is gone either way
    }
    transport_.reset();
  }

  HiveAccess access_;
  std::size_t server_ = 0;  // the one that answered last
  std::shared_ptr<TBufferedTransport> transport_;
  std::unique_ptr<wire::HiveMetastoreClient> client_;
};

}  // namespace

std::unique_ptr<Metastore> make_hive_metastore(HiveAccess access) {
  return std::make_unique<ThriftMetastore>(std::move(access));
}

}  // namespace tidemark
