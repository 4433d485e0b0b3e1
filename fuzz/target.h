// A fuzz target: a function that takes any bytes and comes to its end. What it was promised it holds with CHECK; a
// broken promise, a sanitizer's complaint, or not ending is a fault found.
//
// Each *_target.cc registers one. libfuzzer.cc runs the one it is linked with on bytes it invents, replay.cc runs all on
// bytes that are kept.
#pragma once

#include <string_view>
#include <vector>

namespace tidemark::fuzz {

struct Target {
  std::string_view name;  // of the file, of the program (fuzz_<name>) and of the folder in fuzz/corpus
  void (*run)(std::string_view bytes);
};

inline std::vector<Target>& targets() {
  static std::vector<Target> all;
  return all;
}

struct Registered {
  Registered(std::string_view name, void (*run)(std::string_view)) { targets().push_back({name, run}); }
};

// Takes the front of the input up to a zero byte: how a target gets several texts out of one input.
inline std::string_view take_part(std::string_view& bytes) {
  const std::string_view part = bytes.substr(0, bytes.find('\0'));
  bytes.remove_prefix(part.size() == bytes.size() ? part.size() : part.size() + 1);
  return part;
}

}  // namespace tidemark::fuzz
