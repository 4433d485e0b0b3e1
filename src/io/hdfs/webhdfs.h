// WebHdfs: the operations of HDFS over its REST interface (WebHDFS in Hadoop's documentation), as far as a lake needs them.
//
//     what changes names, or asks about them      NameNode, one request
//     what moves bytes                            NameNode names a DataNode, a second request goes there
//
// With several NameNodes (HA) the one that answered last is asked first; a dead one, or one on standby, moves to the next.
// No operation is sent twice to the same NameNode. A rename or removal whose answer was lost may have happened: the caller
// repeats what it was doing as a whole.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/hdfs/hdfs_access.h"
#include "io/hdfs/http_transfer.h"
#include "io/net/json_value.h"

namespace tidemark {

struct HdfsStatus {
  std::string name;  // without its folder
  bool is_folder = false;
  std::uint64_t size = 0;  // bytes
};

// From any thread. Errors are retryable, name the path and the cure.
class WebHdfs {
 public:
  explicit WebHdfs(HdfsAccess access);

  // None if there is no such file or folder.
  Result<std::optional<HdfsStatus>> status(const std::string& path) const;
  // Sorted as HDFS has them; none if the folder is not there.
  Result<std::vector<HdfsStatus>> list(const std::string& folder) const;
  Result<void> make_folder(const std::string& path, unsigned mode) const;       // with its parents
  Result<void> rename(const std::string& from, const std::string& to) const;    // replaces a file, or an empty folder
  Result<void> remove(const std::string& path, bool with_what_is_in_it) const;  // fine when it is not there
  Result<std::size_t> read(const std::string& path, std::uint64_t offset, std::span<char> into) const;
  // A file that is being written, empty if it was there. Its bytes are in HDFS once finish_upload has returned.
  Result<std::unique_ptr<HttpUpload>> create(const std::string& path, unsigned mode) const;
  Result<void> finish_upload(HttpUpload& upload, const std::string& path) const;

  const HdfsAccess& access() const { return access_; }

 private:
  struct Request {
    HttpMethod method;
    std::string_view operation;  // "MKDIRS"
    const std::string& path;
    std::string parameters = {};  // "&recursive=true"
    std::string_view doing;       // "make the folder"
  };

  Result<HttpReply> ask(const Request& request) const;
  Result<std::string> data_address(const Request& request) const;
  std::string address(const std::string& namenode, const Request& request) const;
  Error refusal(const Request& request, const HttpReply& reply) const;
  std::unique_ptr<HttpTransfer> take_transfer() const;
  void give_back(std::unique_ptr<HttpTransfer> transfer) const;

  HdfsAccess access_;
  mutable std::atomic<std::size_t> active_ = 0;  // which NameNode answered last
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<HttpTransfer>> idle_;
};

}  // namespace tidemark
