#include "io/hdfs/default_file_system.h"

#include <fmt/format.h>

#include <string_view>

namespace tidemark {
namespace {

constexpr std::size_t longest_configuration = 8 << 20;

// Of <name>NAME</name>…<value>VALUE</value>. Empty if it is not there.
std::string value_of_property(std::string_view configuration, std::string_view name) {
  constexpr std::string_view open = "<value>", close = "</value>";
  const std::size_t named = configuration.find(fmt::format("<name>{}</name>", name));
  if (named == configuration.npos) return {};
  const std::size_t begin = configuration.find(open, named), end = configuration.find(close, named);
  if (begin == configuration.npos || end == configuration.npos || end < begin) return {};
  return std::string(configuration.substr(begin + open.size(), end - begin - open.size()));
}

}  // namespace

// A NameNode replaces fs.defaultFS by its own address, also where it is one of several; then the nameservice is the name
// that everybody else uses.
std::string file_system_in(std::string_view configuration) {
  std::string service = value_of_property(configuration, "dfs.nameservice.id");
  if (service.empty()) service = value_of_property(configuration, "dfs.nameservices");
  if (!service.empty() && configuration.contains(fmt::format("<name>dfs.ha.namenodes.{}</name>", service)))
    return "hdfs://" + service;
  std::string system = value_of_property(configuration, "fs.defaultFS");
  while (system.ends_with('/')) system.pop_back();
  return system.starts_with("hdfs://") || system.starts_with("viewfs://") ? system : std::string();
}

Result<std::string> default_file_system(const HdfsAccess& access) {
  HttpTransfer transfer(access.security);
  std::string failures;
  for (const std::string& namenode : access.namenodes) {
    const auto reply = transfer.ask(HttpMethod::Get, namenode + "/conf", longest_configuration);
    if (std::string found = reply && reply->status == 200 ? file_system_in(reply->body) : ""; !found.empty())
      return found;
    failures += fmt::format("{}{}/conf: {}", failures.empty() ? "" : "; ", namenode,
                            !reply                 ? reply.error().message()
                            : reply->status != 200 ? fmt::format("answer {}", reply->status)
                                                   : std::string("no fs.defaultFS"));
  }
  return std::unexpected(Error::retryable("no NameNode says what fs.defaultFS is (" + failures + ")"));
}

}  // namespace tidemark
