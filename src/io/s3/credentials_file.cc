#include "io/s3/credentials_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "io/disk/small_file.h"

namespace tidemark {
namespace {

constexpr std::size_t largest_file = 64 * 1'024;
constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

Secret* field_of(S3Keys& keys, std::string_view name) {
  if (name == "aws_access_key_id") return &keys.id;
  if (name == "aws_secret_access_key") return &keys.secret;
  if (name == "aws_session_token") return &keys.token;
  return nullptr;
}

Result<S3Keys> parse(const std::string& path, std::string_view text) {
  const auto wrong = [&](std::size_t line, std::string_view why) {
    return std::unexpected(Error::setup(fmt::format("{}, line {}: {}", path, line, why)));
  };
  S3Keys keys;
  bool has_profile = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view raw = text.substr(0, text.find('\n')), line = trimmed(raw);
    text.remove_prefix(std::min(text.size(), raw.size() + 1));
    if (line.empty() || line.starts_with('#') || line.starts_with(';')) continue;
    if (line.starts_with('[')) {
      if (has_profile) return wrong(number, "a second profile; keep one, or leave the file to AWS_PROFILE");
      has_profile = true;
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == line.npos) return wrong(number, "must be NAME = VALUE");
    Secret* const field = field_of(keys, trimmed(line.substr(0, equals)));
    if (!field) continue;  // "region" and others, which have settings of their own
    if (!field->empty()) return wrong(number, "says a key for the second time");
    *field = Secret(std::string(trimmed(line.substr(equals + 1))));
  }
  if (keys.id.empty() || keys.secret.empty())
    return std::unexpected(Error::setup(fmt::format("{} has no {}; write it as {} = …", path,
                                                    keys.id.empty() ? "aws_access_key_id" : "aws_secret_access_key",
                                                    keys.id.empty() ? "aws_access_key_id" : "aws_secret_access_key")));
  return keys;
}

}  // namespace

Result<S3Keys> read_credentials_file(const std::string& path) {
  auto text = read_small_file(path, largest_file, Links::Refused);
  if (!text) return std::unexpected(Error::setup(text.error().message()));
  if (!*text) return std::unexpected(Error::setup(fmt::format("cannot read {}: there is no such file", path)));
  auto keys = parse(path, **text);
  wipe(**text);
  return keys;
}

}  // namespace tidemark
