// What the doctor says about Kafka before it has asked a broker.
#include "app/doctor/kafka_checks.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(KafkaChecks, AConfigFileThatCannotBeReadHasACure) {
  RunOptions options;
  options.kafka.brokers = "127.0.0.1:1";
  options.kafka.config_file = "/nowhere/kafka.properties";
  const auto found = examine_kafka(options);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].health, Health::Failure);
  EXPECT_NE(found[0].detail.find("/nowhere/kafka.properties"), std::string::npos);
  EXPECT_NE(found[0].cure.find("kafka-config"), std::string::npos) << found[0].cure;
}

}  // namespace
}  // namespace tidemark
