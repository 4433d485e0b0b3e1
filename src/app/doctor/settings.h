// The verb settings: lists every setting, for people, for programs, or as a schema for editors.
#pragma once

#include <cstdint>

namespace tidemark {

struct SettingsRequest {
  enum class Form : std::uint8_t { Text, Json, Schema, Markdown };
  Form form = Form::Text;
};

}  // namespace tidemark
