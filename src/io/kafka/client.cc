#include "io/kafka/client.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <thread>

namespace tidemark {

// librdkafka's own threads call it.
struct Client::Ears {
  std::atomic<Journal*> journal = nullptr;
  std::mutex mutex;
  std::string last_words;  // of the connection, since something went wrong
  std::atomic<int> undelivered = 0;
  std::atomic<bool> is_in_doubt = false;
  bool is_quiet = false;  // its owner tells what goes wrong, with each transaction that fails

  void hear(std::string words) {
    const std::lock_guard guard(mutex);
    last_words = std::move(words);
  }
  std::string words() {
    const std::lock_guard guard(mutex);
    return last_words;
  }
};

namespace {

// Requests that change a transaction, by Kafka's protocol: AddPartitionsToTxn, AddOffsetsToTxn, EndTxn, TxnOffsetCommit.
constexpr std::array<std::int16_t, 4> transactional = {24, 25, 26, 28};

}  // namespace

struct ClientCallbacks {
  static void error(rd_kafka_t*, int code, const char* reason, void* opaque) {
    auto& ears = *static_cast<Client::Ears*>(opaque);
    // Brokers close connections that were idle for minutes, which looks like this when there is one broker.
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && ears.is_quiet) return;
    ears.hear(reason);
    Journal* const journal = ears.journal;
    if (journal == nullptr || code == RD_KAFKA_RESP_ERR__TRANSPORT) return;  // each broker's own, many times
    journal->warning("kafka.trouble",
                     {{"reason", reason}, {"code", rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(code))}});
  }
  static void delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) static_cast<Client::Ears*>(opaque)->undelivered = message->err;
  }
  // The arguments are librdkafka's. It may call this twice for one answer.
  static rd_kafka_resp_err_t answered(rd_kafka_t*, int, const char*, std::int32_t, std::int16_t request, std::int16_t,
                                      std::int32_t, std::size_t, std::int64_t, rd_kafka_resp_err_t failure,
                                      void* ears) {
    if (failure != RD_KAFKA_RESP_ERR_NO_ERROR && std::ranges::find(transactional, request) != transactional.end())
      static_cast<Client::Ears*>(ears)->is_in_doubt = true;
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  static rd_kafka_resp_err_t listen_to_answers(rd_kafka_t* handle, const rd_kafka_conf_t*, void* ears, char*,
                                               std::size_t) {
    return rd_kafka_interceptor_add_on_response_received(handle, "answers", answered, ears);
  }
  // Its lines are for those who look for them; what went wrong last explains the error that follows.
  static void log(const rd_kafka_t* handle, int level, const char* facility, const char* text) {
    auto& ears = *static_cast<Client::Ears*>(rd_kafka_opaque(handle));
    constexpr int warning = 4;  // of syslog
    std::string_view words = text;
    if (const std::size_t thread = words.find("]: "); words.starts_with("[thrd:") && thread != words.npos)
      words.remove_prefix(thread + 3);
    if (level <= warning) ears.hear(std::string(words));
    if (Journal* const journal = ears.journal)
      journal->write(Level::Debug, "kafka.log", {{"facility", facility}, {"text", text}});
  }
};

namespace {

constexpr auto longest_closing = std::chrono::seconds(2);

// How long silence is borne where a network swallows packets: librdkafka's own minute is too long for whoever waits for a word of it.
constexpr std::array patience = {std::pair("socket.timeout.ms", "10000"),
                                 std::pair("socket.connection.setup.timeout.ms", "5000")};

struct Reserved {
  std::string_view name, why;
};
constexpr std::string_view exactly_once = "exactly-once depends on it";
constexpr std::string_view brokers_are_said = "the brokers are named by --log kafka://HOST:PORT or KAFKA_BROKER";

// What would break a promise if somebody set it. Everything else that Tidemark sets is a default.
constexpr std::array reserved = {
    Reserved{"transactional.id", exactly_once},
    Reserved{"enable.idempotence", exactly_once},
    Reserved{"isolation.level", exactly_once},
    Reserved{"enable.auto.commit", exactly_once},
    Reserved{"auto.commit.enable", exactly_once},
    Reserved{"auto.offset.reset", "records that are gone must be told, not skipped"},
    Reserved{"enable.partition.eof", "the end of a partition has to be told"},
    Reserved{"partitioner", "all bars of a symbol must come to one partition, whoever writes them"},
    Reserved{"partition.assignment.strategy", "all workers of a group must have the same one"},
    Reserved{"group.id", "it is made of --application"},
    Reserved{"group.instance.id", "it is made of --instance"},
    Reserved{"session.timeout.ms", "it is --session-timeout"},
    Reserved{"bootstrap.servers", brokers_are_said},
    Reserved{"metadata.broker.list", brokers_are_said},
};

struct ConfDestroy {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using Conf = std::unique_ptr<rd_kafka_conf_t, ConfDestroy>;

Result<void> set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 512> why{};
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) == RD_KAFKA_CONF_OK) return {};
  return std::unexpected(Error::setup(fmt::format("kafka-config: {}", why.data())));
}

}  // namespace

Client::Client(std::shared_ptr<Ears> ears, rd_kafka_t* handle) : handle_(handle, Destroy{std::move(ears)}) {}
Client::Client(Client&&) noexcept = default;
Client::~Client() = default;
Client& Client::operator=(Client&&) noexcept = default;

// Now and then librdkafka 2.0.2 waits for ever for a thread of its own, which turns in circles because somebody has not given back a
// broker; mostly after a rebalance. Nothing hangs on that: what was to be written is written, and a group was left before.
void Client::Destroy::operator()(rd_kafka_t* handle) const {
  std::promise<void> promise;
  auto is_gone = promise.get_future();
  std::thread([handle, kept = ears, told = std::move(promise)]() mutable {
    rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    told.set_value();
  }).detach();
  if (is_gone.wait_for(longest_closing) == std::future_status::timeout) ears->journal = nullptr;
}

Result<Client> Client::open(ClientKind kind, const KafkaCluster& cluster, const KafkaProperties& own) {
  auto ears = std::make_shared<Ears>();
  ears->journal = cluster.journal;
  ears->is_quiet = kind == ClientKind::Producer;
  Conf conf(rd_kafka_conf_new());
  rd_kafka_conf_set_opaque(conf.get(), ears.get());
  rd_kafka_conf_set_error_cb(conf.get(), ClientCallbacks::error);
  rd_kafka_conf_set_log_cb(conf.get(), ClientCallbacks::log);
  if (auto done = set(conf.get(), "bootstrap.servers", cluster.brokers); !done) return std::unexpected(done.error());
  for (const auto& [name, value] : patience)
    if (auto done = set(conf.get(), name, value); !done) return std::unexpected(done.error());
  for (const auto& [name, value] : own)
    if (auto done = set(conf.get(), name, value); !done) return std::unexpected(done.error());
  for (const auto& [name, value] : cluster.properties) {
    if (const auto ours = std::ranges::find(reserved, name, &Reserved::name); ours != reserved.end())
      return std::unexpected(Error::setup(
          fmt::format("kafka-config: {} is set by Tidemark itself, because {}; take the line out", name, ours->why)));
    if (auto done = set(conf.get(), name, value); !done) return std::unexpected(done.error());
  }
  if (kind == ClientKind::Producer)
    rd_kafka_conf_interceptor_add_on_new(conf.get(), "answers", ClientCallbacks::listen_to_answers, ears.get());
  if (kind == ClientKind::ReportingProducer) rd_kafka_conf_set_dr_msg_cb(conf.get(), ClientCallbacks::delivered);
  if (kind == ClientKind::Member) rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_REBALANCE);

  std::array<char, 512> why{};
  const bool produces = kind == ClientKind::Producer || kind == ClientKind::ReportingProducer;
  rd_kafka_t* const handle =
      rd_kafka_new(produces ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER, conf.get(), why.data(), why.size());
  if (handle == nullptr) return std::unexpected(Error::setup(fmt::format("kafka-config: {}", why.data())));
  (void)conf.release();  // the handle has it now
  return Client(std::move(ears), handle);
}

Error Client::failure(std::string_view doing, rd_kafka_error_t* error) const {
  const std::unique_ptr<rd_kafka_error_t, void (*)(rd_kafka_error_t*)> taken(error, rd_kafka_error_destroy);
  const auto code = rd_kafka_error_code(error);
  std::string sentence = fmt::format("Kafka: cannot {}: {}", doing, rd_kafka_error_string(error));
  if (const std::string words = handle_.get_deleter().ears->words(); !words.empty())
    sentence += fmt::format(" (last heard: {})", words);
  const bool fenced = code == RD_KAFKA_RESP_ERR__FENCED || code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED;
  if (fenced) sentence += "; another process has taken over this work";
  return rd_kafka_error_is_fatal(error) != 0 || fenced ? Error::permanent(sentence) : Error::retryable(sentence);
}

bool Client::is_in_doubt() const { return handle_.get_deleter().ears->is_in_doubt; }

int Client::take_undelivered() const { return handle_.get_deleter().ears->undelivered.exchange(0); }

Error Client::failure(std::string_view doing, int code) const {
  return failure(doing, rd_kafka_error_new(static_cast<rd_kafka_resp_err_t>(code), "%s",
                                           rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(code))));
}

}  // namespace tidemark
