// The layers of a ByteSource: raw blocks from a descriptor, an unpacker over them, the byte order mark.
#include "io/input/byte_source.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/check.h"
#include "io/input/readable.h"
#include "io/input/unpacking.h"

namespace tidemark {
namespace {

enum class Wait { UntilSomethingComes, No };
enum class Format { Unknown, Plain, Gzip, Zstd, Zip };

constexpr std::size_t block_size = 64 * 1024;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

struct Magic {
  std::string_view bytes;
  Format format;
};
constexpr std::array magics{
    Magic{"\x1f\x8b", Format::Gzip}, Magic{"\x28\xb5\x2f\xfd", Format::Zstd}, Magic{"PK\x03\x04", Format::Zip},
    Magic{"PK\x05\x06", Format::Zip},  // the second: without a file in it
};
constexpr std::size_t longest_magic = 4;

// By the first bytes; Unknown while more are needed to tell.
Format format_of(std::string_view beginning, bool is_all) {
  for (const Magic& magic : magics) {
    if (beginning.starts_with(magic.bytes)) return magic.format;
    if (!is_all && magic.bytes.starts_with(beginning)) return Format::Unknown;
  }
  // Zstandard may begin with a frame that is skipped: 0x184D2A50 to 0x184D2A5F, little-endian.
  constexpr std::string_view skipped = "\x2a\x4d\x18";
  if (beginning.empty() || (static_cast<unsigned char>(beginning[0]) & 0xf0) != 0x50) return Format::Plain;
  const std::string_view rest = beginning.substr(1, skipped.size());
  if (rest == skipped) return Format::Zstd;
  return !is_all && skipped.starts_with(rest) ? Format::Unknown : Format::Plain;
}

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
    if (owned_) ::close(descriptor_);
  }

  Amount read(std::span<char> into, Wait wait) {
    CHECK(!into.empty());
    if (!has_begun_) {
      Result<bool> begun = begin(wait);
      if (!begun) return std::unexpected(begun.error());
      if (!*begun) return std::nullopt;
    }
    if (head_begin_ == head_end_) return read_content(into, wait);
    const std::size_t taken = std::min(into.size(), head_end_ - head_begin_);
    std::copy_n(head_.data() + head_begin_, taken, into.data());
    head_begin_ += taken;
    if (taken == into.size() || unpacking_ || zip_ || begin_ == end_) return taken;
    const Amount more = read_plain(into.subspan(taken), wait);  // what is in the block already
    return taken + more->value();
  }

  const std::string& name() const { return name_; }
  std::optional<std::uint64_t> size() const { return size_; }
  std::uint64_t bytes_consumed() const {
    return zip_ ? static_cast<std::uint64_t>(zip_->share_read() * static_cast<double>(*size_)) : consumed_;
  }

 private:
  // Reads as much as tells whether the content begins with a byte order mark. False: it is not here yet.
  Result<bool> begin(Wait wait) {
    bool is_all = false;
    while (!is_all && head_end_ < head_.size() && byte_order_mark.starts_with(head())) {
      const Amount got = read_content(std::span(head_).subspan(head_end_), wait);
      if (!got) return std::unexpected(got.error());
      if (!*got) return false;
      is_all = **got == 0;
      head_end_ += **got;
    }
    if (head() == byte_order_mark) head_end_ = 0;
    has_begun_ = true;
    return true;
  }
  std::string_view head() const { return {head_.data(), head_end_}; }

  Amount read_content(std::span<char> into, Wait wait) {
    if (format_ == Format::Unknown) {
      Result<bool> known = learn_format(wait);
      if (!known) return std::unexpected(known.error());
      if (!*known) return std::nullopt;
    }
    if (zip_) return zip_->read(into);
    return unpacking_ ? read_packed(into, wait) : read_plain(into, wait);
  }

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

  // Reads the first bytes, which may come one by one from a pipe. False: not here yet.
  Result<bool> learn_format(Wait wait) {
    Format format = Format::Unknown;
    for (;;) {
      const std::string_view beginning(raw_.data(), std::min(end_, longest_magic));
      if (end_ > 0 || raw_ended_) format = format_of(beginning, raw_ended_);
      if (format != Format::Unknown) break;
      const Amount got = read_raw(std::span(raw_).subspan(end_), wait);
      if (!got) return std::unexpected(got.error());
      if (!*got) return false;
      raw_ended_ = **got == 0;
      end_ += **got;
    }
    if (auto opened = open_packed(format); !opened) return std::unexpected(opened.error());
    format_ = format;
    return true;
  }

  Result<void> open_packed(Format format) {
    if (format == Format::Plain) return {};
    if (format == Format::Zip) {
      if (!size_)
        return std::unexpected(Error::setup(
            name_ + " is a ZIP archive, which cannot be read from a pipe; unpack it: unzip -p FILE | tidemark … -"));
      auto member = ZipMember::open(descriptor_, name_);
      if (!member) return std::unexpected(member.error());
      zip_ = std::move(*member);
      return {};
    }
    auto unpacking = format == Format::Gzip ? unpack_gzip(name_) : unpack_zstd(name_);
    if (!unpacking) return std::unexpected(unpacking.error());
    unpacking_ = std::move(*unpacking);
    return {};
  }

  Amount read_plain(std::span<char> into, Wait wait) {
    if (begin_ == end_) return raw_ended_ ? Amount(0) : read_raw(into, wait);
    const std::size_t taken = std::min(into.size(), end_ - begin_);
    std::copy_n(raw_.data() + begin_, taken, into.data());
    begin_ += taken;
    return taken;
  }

  Amount read_packed(std::span<char> into, Wait wait) {
    for (;;) {
      if (begin_ == end_ && !raw_ended_ && !may_give_more_) {
        Amount got = read_raw(raw_, wait);
        if (!got || !*got) return got;
        raw_ended_ = **got == 0;
        begin_ = 0;
        end_ = **got;
      }
      const auto step = unpacking_->unpack({raw_.data() + begin_, end_ - begin_}, raw_ended_, into);
      if (!step) return std::unexpected(step.error());
      begin_ += step->taken;
      may_give_more_ = step->given == into.size();
      if (step->given > 0) return step->given;
      if (begin_ == end_ && raw_ended_) return 0;
    }
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
  bool may_give_more_ = false;  // the unpacker, of what it was given already
  std::unique_ptr<Unpacking> unpacking_;
  std::unique_ptr<ZipMember> zip_;
  std::array<char, byte_order_mark.size()> head_;  // of the content; [head_begin_, head_end_) is not handed out yet
  std::size_t head_begin_ = 0, head_end_ = 0;
  bool has_begun_ = false;
};

ByteSource::ByteSource(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}
ByteSource::ByteSource(ByteSource&&) noexcept = default;
ByteSource& ByteSource::operator=(ByteSource&&) noexcept = default;
ByteSource::~ByteSource() = default;

Result<ByteSource> ByteSource::open(const std::string& path) {
  if (path == "-") return from_descriptor(STDIN_FILENO, "standard input");
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::unexpected(cannot_read(path, errno));
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
