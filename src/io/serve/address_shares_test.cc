// One client address cannot take every connection.
#include "io/serve/address_shares.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <vector>

namespace tidemark {
namespace {

ClientNetwork network(const char* address) {
  sockaddr_storage storage{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  if (::inet_pton(AF_INET, address, &v4.sin_addr) == 1)
    storage.ss_family = AF_INET;
  else if (::inet_pton(AF_INET6, address, &v6.sin6_addr) == 1)
    storage.ss_family = AF_INET6;
  return network_of(reinterpret_cast<const sockaddr&>(storage));
}

std::size_t taken(AddressShares& shares, const char* address, std::size_t tries,
                  std::vector<std::shared_ptr<void>>& held) {
  std::size_t taken = 0;
  for (std::size_t i = 0; i < tries; ++i)
    if (auto share = shares.take(network(address))) {
      held.push_back(std::move(share));
      ++taken;
    }
  return taken;
}

TEST(AddressShares, LeaveRoomForOtherMachines) {
  AddressShares shares(std::nullopt);
  std::vector<std::shared_ptr<void>> held;
  EXPECT_EQ(taken(shares, "192.0.2.1", 500, held), 200);
  EXPECT_EQ(taken(shares, "192.0.2.2", 500, held), 200);
  EXPECT_EQ(taken(shares, "127.0.0.1", 500, held), 500);
  EXPECT_EQ(taken(shares, "::1", 500, held), 500);
}

TEST(AddressShares, CountANetworkOfIpv6AsOneClient) {
  AddressShares shares(3);
  std::vector<std::shared_ptr<void>> held;
  EXPECT_EQ(taken(shares, "2001:db8:0:1::1", 2, held), 2);
  EXPECT_EQ(taken(shares, "2001:db8:0:1:ffff::2", 2, held), 1);
  EXPECT_EQ(taken(shares, "2001:db8:0:2::1", 2, held), 2);
}

TEST(AddressShares, AreGivenBack) {
  AddressShares shares(1);
  std::vector<std::shared_ptr<void>> held;
  EXPECT_EQ(taken(shares, "127.0.0.1", 2, held), 1);
  held.clear();
  EXPECT_EQ(taken(shares, "127.0.0.1", 2, held), 1);
}

}  // namespace
}  // namespace tidemark
