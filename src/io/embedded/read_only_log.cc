#include "io/embedded/read_only_log.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "io/embedded/log_reader.h"
#include "io/embedded/schema.h"

namespace tidemark {
namespace {

class ReadOnlyLog final : public Log {
 public:
  explicit ReadOnlyLog(std::string path) : path_(std::move(path)) {}

  Result<void> open(const ConnectionOptions& options) { return reader_.open(path_, options); }

  Result<std::optional<std::string>> cursor(std::string_view feed) override { return reader_.cursor(feed); }
  Result<Batch> poll(Topic topic, Position from, std::size_t limit) override {
    return reader_.select(topic, from, limit, most_polled_bytes);
  }
  Result<Batch> tail(Topic topic, std::size_t limit) override {
    const auto extent = reader_.extent(topic);
    if (!extent) return std::unexpected(extent.error());
    const auto count = std::min(limit, static_cast<std::size_t>(extent->end - extent->begin));
    return reader_.select(topic, extent->end - static_cast<Position>(count), count,
                          std::numeric_limits<std::size_t>::max());
  }
  Result<Position> begin(Topic topic) override {
    const auto extent = reader_.extent(topic);
    if (!extent) return std::unexpected(extent.error());
    return extent->begin;
  }
  Result<Position> end(Topic topic) override {
    const auto extent = reader_.extent(topic);
    if (!extent) return std::unexpected(extent.error());
    return extent->end;
  }
  Result<ReaderState> restore(std::string_view reader) override { return reader_.restore(reader); }
  Result<std::uint64_t> bytes() override { return reader_.bytes(); }

  Result<void> append(std::span<const Record>, std::string_view, std::string_view) override { return refused(); }
  Result<void> commit(const Commit&) override { return refused(); }
  Result<Position> trim(Topic, Position) override { return refused(); }

 private:
  std::unexpected<Error> refused() const {
    return std::unexpected(Error::permanent(fmt::format("{} was opened to be read only", path_)));
  }

  std::string path_;
  LogReader reader_;
};

}  // namespace

Result<std::unique_ptr<Log>> open_read_only_log(const std::string& path, const ConnectionOptions& options) {
  Result<Connection> connection = Connection::open(path, options);
  if (!connection) return std::unexpected(Error::setup(connection.error().message() + "; `tidemark run` makes a log"));
  if (auto ready = check_schema(*connection, path); !ready) return std::unexpected(ready.error());
  auto log = std::make_unique<ReadOnlyLog>(path);
  if (auto opened = log->open(options); !opened) return std::unexpected(opened.error());
  return log;
}

}  // namespace tidemark
