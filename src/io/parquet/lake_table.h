// The lake's tables and days.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace tidemark {

enum class LakeTable : std::uint8_t { Trends, Bars };

// The name of the table, and of its folder.
constexpr std::string_view to_string(LakeTable table) { return table == LakeTable::Trends ? "stock_trends" : "bars"; }

using LakeDay = std::chrono::sys_days;  // UTC

}  // namespace tidemark
