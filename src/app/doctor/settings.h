// The verb settings: every setting there is, for people, programs, editors and docs/configuration.md.
#pragma once

#include <cstdint>

namespace tidemark {

struct SettingsRequest {
  enum class Form : std::uint8_t { Text, Json, Schema, Markdown };
  Form form = Form::Text;
};

}  // namespace tidemark
