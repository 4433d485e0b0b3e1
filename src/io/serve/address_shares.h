// How many connections each client address holds, so that one client cannot take every seat.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>

struct sockaddr;

namespace tidemark {

// Where a connection comes from, as far as it counts: of IPv6 the network of 64 bits, which one client has to itself.
struct ClientNetwork {
  std::array<unsigned char, 8> bytes{};
  bool is_ipv6 = false;
  bool is_loopback = false;
  friend auto operator<=>(const ClientNetwork&, const ClientNetwork&) = default;
};
// Of a socket's peer. Any other family than IP counts as one address of its own.
ClientNetwork network_of(const sockaddr& peer);

class AddressShares {
 public:
  // `limit` connections for each network. Without one, 200 for each that is not this machine.
  explicit AddressShares(std::optional<std::size_t> limit) : limit_(limit) {}

  // Counts a connection until the handle is gone; null if the network has its share. The handle must not outlive this
  // object.
  std::shared_ptr<void> take(const ClientNetwork& network);

 private:
  std::optional<std::size_t> limit_;
  std::map<ClientNetwork, std::size_t> held_;  // only those that hold some
};

}  // namespace tidemark
