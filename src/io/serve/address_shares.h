// How many connections each client address holds, so that one client cannot take every seat.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>

namespace tidemark {

class AddressShares {
 public:
  // `limit` connections for each address. Without one, 200 for each that is not a loopback address.
  explicit AddressShares(std::optional<std::size_t> limit) : limit_(limit) {}

  // Counts a connection of this address until the handle is gone; null if the address has its share. The handle must
  // not outlive this object.
  std::shared_ptr<void> take(const boost::asio::ip::address& address);

 private:
  std::optional<std::size_t> limit_;
  std::map<boost::asio::ip::address, std::size_t> held_;  // only those that hold some
};

}  // namespace tidemark
