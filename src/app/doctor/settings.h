// The verb settings: every setting there is, for eyes, for programs, and for editors.
#pragma once

#include <cstdint>

namespace tidemark {

struct SettingsRequest {
  enum class Form : std::uint8_t { Text, Json, Schema };
  Form form = Form::Text;
};

}  // namespace tidemark
