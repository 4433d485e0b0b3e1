// Delivers batches, and sends the periodic status and snapshots.
#include "io/serve/hub.h"

#include <algorithm>

#include "io/serve/live_client.h"
#include "io/serve/message_deflate.h"
#include "io/serve/websocket.h"

namespace tidemark {
namespace {

constexpr std::size_t recent_bytes = 8 * 1'024 * 1'024;
constexpr Duration listened_for = std::chrono::minutes(2);  // after the last client has left

Frame text_frame(std::string_view message) {
  return std::make_shared<const std::string>(websocket::frame(websocket::Opcode::Text, message));
}

Frame packed_text(std::string_view message) {
  return std::make_shared<const std::string>(websocket::packed_frame(websocket::Opcode::Text, message));
}

}  // namespace

Hub::Hub(HubOptions options, Board& board, const Clock& clock, Journal& journal, Metrics& metrics,
         std::function<FeedStatus()> feed)
    : options_(options),
      board_(board),
      clock_(clock),
      journal_(journal),
      metrics_(metrics),
      feed_(std::move(feed)),
      recent_(recent_bytes),
      client_count_(metrics.gauge("tidemark_live_clients", "Clients of the live stream.")),
      frames_(metrics.counter("tidemark_live_frames_total", "Frames made for the live stream.")),
      rows_(metrics.counter("tidemark_live_rows_total", "Trends that reached the board.")),
      fallen_behind_(
          metrics.counter("tidemark_live_behind_total", "Times a live client fell behind and got a new snapshot.")),
      push_seconds_(metrics.histogram(
          "tidemark_push_seconds", "From the arrival of the oldest bar of a batch to its way to the live clients.")) {}

Hub::~Hub() = default;

void Hub::join(std::shared_ptr<LiveClient> client) {
  clients_.insert(std::move(client));
  client_count_.set(static_cast<double>(clients_.size()));
}

void Hub::leave(const std::shared_ptr<LiveClient>& client, const char* reason) {
  if (clients_.erase(client) == 0) return;
  client_count_.set(static_cast<double>(clients_.size()));
  metrics_.counter("tidemark_live_left_total", "Live clients that left, and why.", {{"reason", reason}}).add(1);
  journal_.write(Level::Debug, "serve.client_left", {{"reason", reason}});
}

void Hub::fell_behind() { fallen_behind_.add(1); }

void Hub::deliver(const LiveBatch& batch) {
  rows_.add(static_cast<double>(batch.trends.size()));
  const EventTime now = clock_.now();
  if (has_listeners(now)) {
    board_.apply(batch, now, [this](std::string_view message) { send(message); });
  } else {
    board_.apply_silently(batch, now);
  }
  if (batch.ingested_at) {
    const EventTime sent_at = clock_.now();
    board_.run_status().pushed(*batch.ingested_at, sent_at);
    push_seconds_.observe(std::chrono::duration<double>(sent_at - *batch.ingested_at).count());
  }
}

void Hub::add_history(const std::vector<Trend>& trends) { board_.add_history(trends); }

void Hub::end_history() {
  forget_snapshots();
  for (const auto& client : clients_) client->renew();
}

void Hub::beat() {
  const EventTime now = clock_.now();
  board_.run_status().beat(now);
  forget_snapshots();
  if (!clients_.empty()) {
    const auto status = board_.status_frame(feed_(), now);
    broadcast(status, text_frame(status));
  }
  beat_clients();
}

void Hub::beat_clients() {
  // A copy, because clients that time out leave during the loop.
  const std::vector<std::shared_ptr<LiveClient>> clients(clients_.begin(), clients_.end());
  for (const auto& client : clients) client->beat();
}

void Hub::forget_clients() { clients_.clear(); }

void Hub::close_expired(const Access& access) {
  using Standing = Access::Standing;
  const EventTime now = clock_.now();
  for (const auto& client : clients_) {  // close() removes no client from the set
    const Standing standing = access.standing_of(client->credential(), now);
    if (standing == Standing::Good) continue;
    client->close(websocket::CloseCode::TokenEnded,
                  standing == Standing::Expired ? "the token has expired" : "the token was revoked");
  }
}

bool Hub::close(std::string_view reason) {
  for (const auto& client : clients_) client->close(websocket::CloseCode::GoingAway, reason);
  return !clients_.empty();
}

void Hub::announce(std::string_view message) {
  announced_ = text_frame(message);
  broadcast(message, *announced_);
}

std::size_t Hub::waiting_bytes() const {
  std::size_t most = 0;
  for (const auto& client : clients_) most = std::max(most, client->waiting_bytes());
  return most;
}

bool Hub::has_listeners(EventTime now) {
  if (!clients_.empty()) last_client_ = now;
  return now - last_client_ < listened_for;
}

void Hub::send(std::string_view message) {
  const Frame frame = text_frame(message);
  recent_.add(board_.sequence(), frame);
  broadcast(message, frame);
}

void Hub::broadcast(std::string_view message, const Frame& plain) {
  frames_.add(1);
  Frame packed;
  for (const auto& client : clients_) {  // send() removes no client from the set
    if (client->deflate() == websocket::Deflate::No) {
      client->send(plain);
      continue;
    }
    if (!packed) packed = packed_text(message);
    client->send(packed);
  }
}

void Hub::forget_snapshots() {
  for (LastSnapshot& last : last_snapshots_) last.frame.reset();
}

std::optional<std::vector<Frame>> Hub::resume(const LiveRequest& wanted) const {
  if (wanted.epoch != board_.epoch()) return std::nullopt;
  auto missed = recent_.since(wanted.sequence, board_.sequence());
  if (missed) missed->insert(missed->begin(), text_frame(board_.resumed_frame(feed_(), wanted.sequence, clock_.now())));
  return missed;
}

Frame Hub::snapshot(const SnapshotRequest& wanted, websocket::Deflate deflate) {
  auto& last = last_snapshots_[static_cast<std::size_t>(deflate)];
  const auto framed = deflate == websocket::Deflate::No ? websocket::frame : websocket::packed_frame;
  if (last.frame && last.sequence == board_.sequence() && last.wanted == wanted) return last.frame;
  auto frames = std::make_shared<std::string>();
  board_.snapshot(wanted, feed_(), clock_.now(),
                  [&](std::string_view message) { *frames += framed(websocket::Opcode::Text, message); });
  last = {wanted, board_.sequence(), std::move(frames)};
  return last.frame;
}

}  // namespace tidemark
