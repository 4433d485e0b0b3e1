#include "io/serve/address_shares.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <limits>

namespace tidemark {
namespace {

constexpr std::size_t limit_of_other_machines = 200;

}  // namespace

ClientNetwork network_of(const sockaddr& peer) {
  ClientNetwork network;
  if (peer.sa_family == AF_INET) {
    in_addr address;
    std::memcpy(&address, reinterpret_cast<const char*>(&peer) + offsetof(sockaddr_in, sin_addr), sizeof(address));
    std::memcpy(network.bytes.data(), &address, sizeof(address));
    network.is_loopback = network.bytes[0] == 127;
  } else if (peer.sa_family == AF_INET6) {
    in6_addr address;
    std::memcpy(&address, reinterpret_cast<const char*>(&peer) + offsetof(sockaddr_in6, sin6_addr), sizeof(address));
    std::memcpy(network.bytes.data(), &address, network.bytes.size());
    network.is_ipv6 = true;
    network.is_loopback = IN6_IS_ADDR_LOOPBACK(&address) != 0;
  }
  return network;
}

std::shared_ptr<void> AddressShares::take(const ClientNetwork& network) {
  const std::size_t limit = limit_                ? *limit_
                            : network.is_loopback ? std::numeric_limits<std::size_t>::max()
                                                  : limit_of_other_machines;
  std::size_t& held = held_[network];
  if (held >= limit) return nullptr;
  ++held;
  return {&held, [this, network](void*) {
            const auto found = held_.find(network);
            if (--found->second == 0) held_.erase(found);
          }};
}

}  // namespace tidemark
