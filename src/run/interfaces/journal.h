// Journal: structured events of the loops for the operator, with a level, and never with a secret.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace tidemark {

enum class Level : std::uint8_t { Debug, Info, Warning, Error };

struct Field {
  std::string_view name;
  std::string value;
};

class Journal {
 public:
  virtual ~Journal() = default;
  virtual void write(Level level, std::string_view event, std::initializer_list<Field> fields) = 0;

  void info(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::Info, event, fields); }
  void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(Level::Warning, event, fields);
  }
  void error(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::Error, event, fields); }
};

}  // namespace tidemark
