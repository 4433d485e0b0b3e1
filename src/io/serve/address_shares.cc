#include "io/serve/address_shares.h"

#include <algorithm>
#include <limits>

namespace tidemark {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t limit_of_other_machines = 200;

// One client of IPv6 has a whole network of 64 bits to choose its addresses from.
ip::address counted_as(const ip::address& address) {
  if (!address.is_v6() || address.is_loopback()) return address;
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return ip::address_v6(bytes);
}

}  // namespace

std::shared_ptr<void> AddressShares::take(const ip::address& address) {
  const std::size_t limit = limit_                  ? *limit_
                            : address.is_loopback() ? std::numeric_limits<std::size_t>::max()
                                                    : limit_of_other_machines;
  const ip::address key = counted_as(address);
  std::size_t& held = held_[key];
  if (held >= limit) return nullptr;
  ++held;
  return {&held, [this, key](void*) {
            const auto found = held_.find(key);
            if (--found->second == 0) held_.erase(found);
          }};
}

}  // namespace tidemark
