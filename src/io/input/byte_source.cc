// The two layers of a ByteSource: raw blocks from a descriptor, and zlib over them where they are gzip.
#include "io/input/byte_source.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/check.h"

namespace tidemark {
namespace {

enum class Wait { UntilSomethingComes, No };

constexpr std::size_t block_size = 64 * 1024;
constexpr char gzip_magic[2] = {'\x1f', '\x8b'};

std::string system_message(int error) { return std::generic_category().message(error); }

bool has_something_to_read(int descriptor) {
  pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, 0) != 0;  // an end or an error is something, too
}

}  // namespace

class ByteSource::Stream {
 public:
  using Amount = Result<std::optional<std::size_t>>;  // 0 is the end, none is "not yet"

  Stream(int descriptor, bool owned, std::string name)
      : descriptor_(descriptor), owned_(owned), name_(std::move(name)) {
    struct stat about{};
    if (::fstat(descriptor_, &about) == 0 && S_ISREG(about.st_mode)) size_ = about.st_size;
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    if (format_ == Format::Gzip) ::inflateEnd(&zlib_);
    if (owned_) ::close(descriptor_);
  }

  Amount read(std::span<char> into, Wait wait) {
    CHECK(!into.empty());
    if (format_ == Format::Unknown) {
      Result<bool> known = learn_format(wait);
      if (!known) return std::unexpected(known.error());
      if (!*known) return std::nullopt;
    }
    return format_ == Format::Gzip ? read_gzip(into, wait) : read_plain(into, wait);
  }

  const std::string& name() const { return name_; }
  std::optional<std::uint64_t> size() const { return size_; }
  std::uint64_t bytes_consumed() const { return consumed_; }

 private:
  enum class Format { Unknown, Plain, Gzip };

  Amount read_raw(std::span<char> into, Wait wait) {
    if (wait == Wait::No && !has_something_to_read(descriptor_)) return std::nullopt;
    for (;;) {
      const ssize_t got = ::read(descriptor_, into.data(), into.size());
      if (got >= 0) {
        consumed_ += static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
      }
      if (errno == EAGAIN && wait == Wait::No) return std::nullopt;
      if (errno == EAGAIN) {  // somebody else made the descriptor non-blocking: wait for it ourselves
        pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
        ::poll(&waiting, 1, -1);
      } else if (errno != EINTR) {
        return std::unexpected(Error::permanent("cannot read " + name_ + ": " + system_message(errno)));
      }
    }
  }

  // Reads the first two bytes, which may come one by one from a pipe. False: not here yet.
  Result<bool> learn_format(Wait wait) {
    while (end_ < sizeof gzip_magic && !raw_ended_) {
      Amount got = read_raw(std::span(raw_).subspan(end_), wait);
      if (!got) return std::unexpected(got.error());
      if (!*got) return false;
      raw_ended_ = **got == 0;
      end_ += **got;
    }
    const bool is_gzip =
        end_ >= sizeof gzip_magic && std::equal(std::begin(gzip_magic), std::end(gzip_magic), raw_.begin());
    if (is_gzip && ::inflateInit2(&zlib_, 15 + 16) != Z_OK)
      return std::unexpected(Error::retryable("no memory to unpack " + name_));
    format_ = is_gzip ? Format::Gzip : Format::Plain;
    return true;
  }

  Amount read_plain(std::span<char> into, Wait wait) {
    if (begin_ == end_) return raw_ended_ ? Amount(0) : read_raw(into, wait);
    const std::size_t taken = std::min(into.size(), end_ - begin_);
    std::copy_n(raw_.data() + begin_, taken, into.data());
    begin_ += taken;
    return taken;
  }

  Amount read_gzip(std::span<char> into, Wait wait) {
    for (;;) {
      if (begin_ == end_ && !raw_ended_) {
        Amount got = read_raw(raw_, wait);
        if (!got || !*got) return got;
        raw_ended_ = **got == 0;
        begin_ = 0;
        end_ = **got;
      }
      if (member_ended_) {
        if (begin_ == end_) return 0;
        if (raw_[begin_] == '\0') {  // tapes and some writers pad with zeros
          ++begin_;
          continue;
        }
        ::inflateReset(&zlib_);
        member_ended_ = false;
      }
      Amount unpacked = inflate_some(into);
      if (!unpacked || **unpacked > 0) return unpacked;
    }
  }

  Amount inflate_some(std::span<char> into) {
    const std::size_t given = end_ - begin_;
    zlib_.next_in = reinterpret_cast<Bytef*>(raw_.data() + begin_);
    zlib_.avail_in = static_cast<uInt>(given);
    zlib_.next_out = reinterpret_cast<Bytef*>(into.data());
    const auto room = static_cast<uInt>(std::min<std::size_t>(into.size(), 1U << 30));
    zlib_.avail_out = room;
    const int outcome = ::inflate(&zlib_, Z_NO_FLUSH);
    begin_ += given - zlib_.avail_in;
    member_ended_ = outcome == Z_STREAM_END;
    if (outcome == Z_BUF_ERROR && raw_ended_)
      return std::unexpected(Error::permanent(name_ + " is cut short: its gzip data end in the middle"));
    if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR)
      return std::unexpected(Error::permanent(
          name_ + " is damaged: " + (zlib_.msg != nullptr ? zlib_.msg : "it is not what gzip writes")));
    return room - zlib_.avail_out;
  }

  int descriptor_;
  bool owned_;
  std::string name_;
  std::optional<std::uint64_t> size_;
  std::uint64_t consumed_ = 0;
  Format format_ = Format::Unknown;
  std::array<char, block_size> raw_;  // [begin_, end_) is not handed out or unpacked yet
  std::size_t begin_ = 0, end_ = 0;
  bool raw_ended_ = false;
  bool member_ended_ = false;
  z_stream zlib_{};
};

ByteSource::ByteSource(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}
ByteSource::ByteSource(ByteSource&&) noexcept = default;
ByteSource& ByteSource::operator=(ByteSource&&) noexcept = default;
ByteSource::~ByteSource() = default;

Result<ByteSource> ByteSource::open(const std::string& path) {
  if (path == "-") return from_descriptor(STDIN_FILENO, "standard input");
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::unexpected(Error::setup("cannot open " + path + ": " + system_message(errno)));
  return ByteSource(std::make_unique<Stream>(descriptor, true, path));
}

ByteSource ByteSource::from_descriptor(int descriptor, std::string name) {
  return ByteSource(std::make_unique<Stream>(descriptor, false, std::move(name)));
}

Result<std::size_t> ByteSource::read(std::span<char> into) {
  Stream::Amount amount = stream_->read(into, Wait::UntilSomethingComes);
  if (!amount) return std::unexpected(amount.error());
  return amount->value();
}

Result<std::optional<std::size_t>> ByteSource::read_available(std::span<char> into) {
  return stream_->read(into, Wait::No);
}

const std::string& ByteSource::name() const { return stream_->name(); }
std::optional<std::uint64_t> ByteSource::size() const { return stream_->size(); }
std::uint64_t ByteSource::bytes_consumed() const { return stream_->bytes_consumed(); }

}  // namespace tidemark
