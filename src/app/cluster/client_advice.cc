#include "app/cluster/client_advice.h"

#include <array>

namespace tidemark {
namespace {

struct Advice {
  std::string_view client, text;
};

constexpr std::array advices{
    Advice{"kafka-python",
           R"(kafka-python
  2.2.0 and later   good, with isolation_level="read_committed"
  2.0.6 to 2.1.6    have no such setting: rows of aborted transactions are shown, too
  2.0.5 and before  also 2.0.2; they deliver the marker at the end of each transaction as a record
                    (key 00 00 00 01, six bytes of value): json.loads fails there
Cure: pip install 'kafka-python>=2.2'. Where the old one must stay, run Tidemark with
--delivery at-least-once, which writes bars and results outside transactions.
Values of alpaca_trends may be null (heartbeats): value_deserializer=lambda value: value and json.loads(value))"},
    Advice{"librdkafka",
           R"(librdkafka (confluent-kafka, kcat, and most clients that are not Java)
  works by default: isolation.level is read_committed unless it is changed
Producers of bars need partitioner=murmur2_random, so that all bars of a symbol are in one partition.)"},
    Advice{"java",
           R"(Java (kafka-clients, Kafka's command-line tools)
  isolation.level=read_committed is needed; read_uncommitted is the default and shows aborted rows, too.
  kafka-console-consumer: --isolation-level read_committed)"},
    Advice{"spark",
           R"(Spark (the Kafka source)
  .option("kafka.isolation.level", "read_committed") is needed; aborted rows are read without it.)"},
};

}  // namespace

std::string_view advice_for(std::string_view client) {
  for (const Advice& advice : advices)
    if (advice.client == client) return advice.text;
  return {};
}

std::string known_clients() {
  std::string names;
  for (const Advice& advice : advices) {
    if (!names.empty()) names += ", ";
    names += advice.client;
  }
  return names;
}

}  // namespace tidemark
