// Random numbers that are the same on every machine: integers only, seeded by a stream's name and a round.
//
// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). Each symbol and round gets a
// new generator, so there is no state that a restart could lose.
#pragma once

#include <cstdint>
#include <string_view>

namespace tidemark {

class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

  constexpr std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }

  // Uniform from low to high, both included; high - low < 2^32.
  constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
    const auto choices = static_cast<std::uint64_t>(high - low) + 1;
    return low + static_cast<std::int64_t>(((next() >> 32) * choices) >> 32);
  }

  // Bell-shaped around 0 (the sum of four uniform draws), within ±4·reach; standard deviation 1.15·reach.
  constexpr std::int64_t bell(std::int64_t reach) {
    return between(-reach, reach) + between(-reach, reach) + between(-reach, reach) + between(-reach, reach);
  }

 private:
  std::uint64_t state_;
};

// A separate seed for each name (FNV-1a, then mixed).
constexpr std::uint64_t seed_of(std::uint64_t seed, std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325 ^ seed;
  for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  return Random(hash).next();
}

}  // namespace tidemark
