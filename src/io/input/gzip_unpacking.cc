// Unpacks gzip of one or several members with zlib.
#include <zlib.h>

#include <algorithm>
#include <utility>

#include "io/input/unpacking.h"

namespace tidemark {
namespace {

class GzipUnpacking final : public Unpacking {
 public:
  explicit GzipUnpacking(std::string name) : name_(std::move(name)) {
    is_ready_ = ::inflateInit2(&zlib_, 15 + 16) == Z_OK;
  }
  GzipUnpacking(const GzipUnpacking&) = delete;
  GzipUnpacking& operator=(const GzipUnpacking&) = delete;
  ~GzipUnpacking() override {
    if (is_ready_) ::inflateEnd(&zlib_);
  }
  bool is_ready() const { return is_ready_; }

  Result<Step> unpack(std::string_view packed, bool is_all, std::span<char> into) override {
    Step step;
    while (member_ended_) {
      if (step.taken == packed.size()) return step;
      if (packed[step.taken] == '\0') {  // tapes and some writers pad with zeros
        ++step.taken;
        continue;
      }
      ::inflateReset(&zlib_);
      member_ended_ = false;
    }
    packed.remove_prefix(step.taken);
    zlib_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    zlib_.avail_in = static_cast<uInt>(packed.size());
    zlib_.next_out = reinterpret_cast<Bytef*>(into.data());
    const auto room = static_cast<uInt>(std::min<std::size_t>(into.size(), 1U << 30));
    zlib_.avail_out = room;
    const int outcome = ::inflate(&zlib_, Z_NO_FLUSH);
    step.taken += packed.size() - zlib_.avail_in;
    step.given = room - zlib_.avail_out;
    member_ended_ = outcome == Z_STREAM_END;
    if (outcome == Z_BUF_ERROR && is_all)
      return std::unexpected(Error::permanent(name_ + " is cut short: its gzip data end in the middle"));
    if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR)
      return std::unexpected(Error::permanent(
          name_ + " is damaged: " + (zlib_.msg != nullptr ? zlib_.msg : "it is not what gzip writes")));
    return step;
  }

 private:
  std::string name_;
  z_stream zlib_{};
  bool is_ready_ = false;
  bool member_ended_ = false;
};

}  // namespace

Result<std::unique_ptr<Unpacking>> unpack_gzip(std::string name) {
  auto unpacking = std::make_unique<GzipUnpacking>(name);
  if (!unpacking->is_ready()) return std::unexpected(Error::retryable("no memory to unpack " + name));
  return unpacking;
}

}  // namespace tidemark
