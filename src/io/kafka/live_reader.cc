#include "io/kafka/live_reader.h"

#include <algorithm>

#include "core/wire/decode.h"
#include "io/kafka/state_topic.h"
#include "run/interfaces/readers.h"
#include "run/roles/worker_status.h"

namespace tidemark {
namespace {

constexpr std::size_t records_at_once = 4'096;
constexpr std::size_t bytes_at_once = 4'000'000;
// RunStatus come with each commit, so the last ones stand near the end of the state.
constexpr Position state_looked_through = 500;

std::optional<EventTime> earlier(std::optional<EventTime> one, std::optional<EventTime> other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

}  // namespace

LiveReader::LiveReader(KafkaCluster cluster, std::unique_ptr<PartitionReader> reader, std::size_t partitions)
    : cluster_(std::move(cluster)),
      trends_topic_(topic_name(cluster_, Topic::Trends)),
      bars_topic_(topic_name(cluster_, Topic::JudgedBars)),
      state_topic_(state_topic_name(cluster_)),
      reader_(std::move(reader)),
      partitions_(partitions) {}

Result<std::unique_ptr<LiveReader>> LiveReader::open(const KafkaCluster& cluster, std::int32_t partitions) {
  auto reader = PartitionReader::open(cluster);
  if (!reader) return std::unexpected(reader.error());
  return std::unique_ptr<LiveReader>(new LiveReader(cluster, std::move(*reader), static_cast<std::size_t>(partitions)));
}

Result<LiveBatch> LiveReader::begin(std::size_t rows) {
  LiveBatch batch;
  const auto share = static_cast<Position>(rows / partitions_.size());
  for (std::int32_t number = 0; number < static_cast<std::int32_t>(partitions_.size()); ++number) {
    Partition& partition = partitions_[static_cast<std::size_t>(number)];
    const auto trends = reader_->extent(trends_topic_, number), bars = reader_->extent(bars_topic_, number),
               state = reader_->extent(state_topic_, number);
    for (const auto* const extent : {&trends, &bars, &state})
      if (!*extent) return std::unexpected(extent->error());
    partition.trends = std::max(trends->begin, trends->end - share);
    partition.bars = std::max(bars->begin, bars->end - share);
    partition.run_status = std::max(state->begin, state->end - state_looked_through);
    while (partition.trends < trends->end || partition.bars < bars->end || partition.run_status < state->end)
      if (auto more = read(number, partition, batch); !more) return std::unexpected(more.error());
  }
  add_up(batch);
  return batch;
}

Result<std::optional<LiveBatch>> LiveReader::poll() {
  LiveBatch batch;
  bool has_come = false;
  for (std::int32_t number = 0; number < static_cast<std::int32_t>(partitions_.size()); ++number) {
    const auto read_some = read(number, partitions_[static_cast<std::size_t>(number)], batch);
    if (!read_some) {
      if (batch.trends.empty() && batch.bars.empty()) return std::unexpected(read_some.error());
      has_come = true;  // what was read is told first: the trouble comes again
      break;
    }
    has_come |= *read_some;
  }
  if (!has_come) return std::nullopt;
  add_up(batch);
  return batch;
}

Result<void> LiveReader::look() {
  const auto end = reader_->end(trends_topic_, 0);
  return end ? Result<void>{} : std::unexpected(end.error());
}

Result<Batch> LiveReader::next(const std::string& topic, std::int32_t number, Position& position) {
  auto batch = reader_->poll(topic, number, position, records_at_once, bytes_at_once);
  if (batch) position = batch->next_position();
  return batch;
}

Result<bool> LiveReader::read(std::int32_t number, Partition& partition, LiveBatch& batch) {
  const auto trends = next(trends_topic_, number, partition.trends);
  if (!trends) return std::unexpected(trends.error());
  for (std::size_t i = 0; i < trends->size(); ++i)
    if (auto trend = decode_trend((*trends)[i].value)) batch.trends.push_back(std::move(*trend));
  const auto bars = next(bars_topic_, number, partition.bars);
  if (!bars) return std::unexpected(bars.error());
  for (std::size_t i = 0; i < bars->size(); ++i)
    if (auto bar = decode_judged_bar((*bars)[i].value))
      batch.bars.push_back(live_bar(std::move(bar->symbol), bar->values));
  const auto state = next(state_topic_, number, partition.run_status);
  if (!state) return std::unexpected(state.error());
  bool has_come = !trends->empty() || !bars->empty();
  for (std::size_t i = 0; i < state->size(); ++i) {
    if ((*state)[i].key != vitals_key(analyze_reader)) continue;
    if (auto said = parse_vitals((*state)[i].value)) partition.state = std::move(*said), has_come = true;
  }
  if (!trends->empty() && partition.state) batch.ingested_at = earlier(batch.ingested_at, partition.state->ingested_at);
  return has_come;
}

void LiveReader::add_up(LiveBatch& batch) const {
  for (const Partition& partition : partitions_) {
    if (!partition.state) continue;
    const Account& account = partition.state->account;
    batch.account.read += account.read;
    batch.account.accepted += account.accepted;
    batch.account.duplicate += account.duplicate;
    batch.account.corrected += account.corrected;
    batch.account.late += account.late;
    batch.account.rejected += account.rejected;
    batch.watermark = earlier(batch.watermark, partition.state->watermark);
    if (partition.state->event_time) batch.event_time = std::max(batch.event_time, partition.state->event_time);
    const auto& jump = partition.state->jump;
    if (jump && (!batch.jump || batch.jump->late < jump->late)) batch.jump = jump;
  }
}

}  // namespace tidemark
