#include "app/config/lake_address.h"

#include <fmt/format.h>

#include <array>

namespace tidemark {
namespace {

struct AddressKind {
  bool (*is_meant)(std::string_view text);
  Result<LakeAddress> (*parse)(std::string_view text);
  std::string_view form;
};

constexpr std::array address_kinds{
    AddressKind{is_hdfs_url, [](std::string_view text) -> Result<LakeAddress> { return parse_hdfs_url("lake", text); },
                "webhdfs://[USER@]HOST[:PORT][,HOST[:PORT]...]/FOLDER, webhdfs+https://"},
    AddressKind{is_s3_url, [](std::string_view text) -> Result<LakeAddress> { return parse_s3_url("lake", text); },
                "s3://BUCKET/PREFIX"},
};

}  // namespace

Result<LakeAddress> parse_lake_address(std::string_view text) {
  for (const AddressKind& kind : address_kinds)
    if (kind.is_meant(text)) return kind.parse(text);
  return std::unexpected(Error::setup(fmt::format("lake: must be {}, not \"{}\"", lake_address_forms(), text)));
}

std::string lake_address_forms() {
  std::string forms;
  for (const AddressKind& kind : address_kinds)
    forms += fmt::format("{}{}", forms.empty() ? "" : &kind == &address_kinds.back() ? " or " : ", ", kind.form);
  return forms;
}

std::string to_text(const LakeAddress& address) {
  return std::visit([](const auto& url) { return to_text(url); }, address);
}

}  // namespace tidemark
