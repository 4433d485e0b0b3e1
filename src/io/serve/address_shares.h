// Limits how many connections each client address holds, so that one client cannot take all of them.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>

struct sockaddr;

namespace tidemark {

// The part of a client's address that counts. For IPv6 it is the network of 64 bits, which one client has to itself.
struct ClientNetwork {
  std::array<unsigned char, 8> bytes{};
  bool is_ipv6 = false;
  bool is_loopback = false;
  friend auto operator<=>(const ClientNetwork&, const ClientNetwork&) = default;
};
// The network of a socket's peer. Families other than IP count as one address.
ClientNetwork network_of(const sockaddr& peer);

class AddressShares {
 public:
  // At most `limit` connections per network. Without a limit: 200 per network that is not this machine.
  explicit AddressShares(std::optional<std::size_t> limit) : limit_(limit) {}

  // Counts a connection until the handle is destroyed; null if the network has reached its limit. The handle must not
  // outlive this object.
  std::shared_ptr<void> take(const ClientNetwork& network);

 private:
  std::optional<std::size_t> limit_;
  std::map<ClientNetwork, std::size_t> held_;  // only those that hold some
};

}  // namespace tidemark
