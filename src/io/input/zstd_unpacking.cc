// Unpacks Zstandard of one or several frames with libzstd.
#include <zstd.h>
#include <zstd_errors.h>

#include <utility>

#include "io/input/unpacking.h"

namespace tidemark {
namespace {

constexpr int largest_window_log = 27;  // 128 MB: the default limit of `zstd -d`, too

class ZstdUnpacking final : public Unpacking {
 public:
  explicit ZstdUnpacking(std::string name) : name_(std::move(name)), stream_(::ZSTD_createDStream()) {
    if (stream_ != nullptr) ::ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, largest_window_log);
  }
  ZstdUnpacking(const ZstdUnpacking&) = delete;
  ZstdUnpacking& operator=(const ZstdUnpacking&) = delete;
  ~ZstdUnpacking() override { ::ZSTD_freeDStream(stream_); }
  bool is_ready() const { return stream_ != nullptr; }

  Result<Step> unpack(std::string_view packed, bool is_all, std::span<char> into) override {
    if (packed.empty() && frame_ended_) return Step{};
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    const std::size_t outcome = ::ZSTD_decompressStream(stream_, &out, &in);
    if (::ZSTD_isError(outcome) != 0) return std::unexpected(error_of(outcome));
    frame_ended_ = outcome == 0;
    if (is_all && !frame_ended_ && in.pos == in.size && out.pos == 0)
      return std::unexpected(Error::permanent(name_ + " is cut short: its Zstandard data end in the middle"));
    return Step{in.pos, out.pos};
  }

 private:
  Error error_of(std::size_t outcome) const {
    if (::ZSTD_getErrorCode(outcome) == ZSTD_error_frameParameter_windowTooLarge)
      return Error::permanent(name_ +
                              " needs more than 128 MB to be unpacked; unpack it first, with `zstd -d --long=31`");
    return Error::permanent(name_ + " is damaged: " + ::ZSTD_getErrorName(outcome));
  }

  std::string name_;
  ZSTD_DStream* stream_;
  bool frame_ended_ = false;
};

}  // namespace

Result<std::unique_ptr<Unpacking>> unpack_zstd(std::string name) {
  auto unpacking = std::make_unique<ZstdUnpacking>(name);
  if (!unpacking->is_ready()) return std::unexpected(Error::retryable("no memory to unpack " + name));
  return unpacking;
}

}  // namespace tidemark
