#include "app/live/gauges.h"

#include <algorithm>
#include <string>
#include <system_error>

#include "app/data_dir/lake_place.h"
#include "run/interfaces/readers.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

constexpr auto between_looks = std::chrono::seconds(2);
constexpr auto between_walks = std::chrono::seconds(30);  // through all files of the lake

}  // namespace

void Gauges::look() {
  const auto now = Clock::now();
  if (now < next_look_) return;
  next_look_ = now + between_looks;
  look_at_readers();
  look_at_disk();
  if (now < next_walk_) return;
  next_walk_ = now + between_walks;
  look_at_lake();
}

// Errors of the log are reported by the roles that use it.
void Gauges::behind(std::string_view reader, Topic topic) {
  const auto end = log_.end(topic), begin = log_.begin(topic);
  const auto restored = log_.restore(reader);
  if (!end || !begin || !restored) return;
  const Position position = std::max(*begin, restored->position(topic));
  metrics_
      .gauge("tidemark_reader_lag_records", "Records of a topic that a reader has not done yet.",
             {{"reader", std::string(reader)}, {"topic", std::string(to_string(topic))}})
      .set(static_cast<double>(*end - position));
}

void Gauges::look_at_readers() {
  for (const Topic topic : all_topics)
    if (const std::string_view reader = reader_of(topic); !reader.empty()) behind(reader, topic);
}

void Gauges::look_at_disk() {
  std::error_code error;
  const auto room = fs::space(data_, error);
  if (error) return;
  metrics_.gauge("tidemark_disk_free_bytes", "Room left for the user, on the disk of the data directory.")
      .set(static_cast<double>(room.available));
  metrics_.gauge("tidemark_disk_size_bytes", "Size of the disk of the data directory.")
      .set(static_cast<double>(room.capacity));
}

void Gauges::look_at_lake() {
  double files = 0, bytes = 0;
  std::error_code error;
  const fs::path lake = lake_folder(data_);
  if (!fs::is_directory(lake, error)) return;  // it lies elsewhere
  for (fs::recursive_directory_iterator entry(lake, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;  // a file may be exchanged for another meanwhile
    if (entry->path().extension() != ".parquet" || entry->path().filename().native().front() == '.') continue;
    const auto size = entry->file_size(gone);
    if (gone) continue;
    ++files;
    bytes += static_cast<double>(size);
  }
  metrics_.gauge("tidemark_lake_files", "Parquet files in the lake.").set(files);
  metrics_.gauge("tidemark_lake_bytes", "What the lake's Parquet files hold.").set(bytes);
}

}  // namespace tidemark
