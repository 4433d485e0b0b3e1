// Lines: the feeds' reader and the filter's blocks against a plain split of the bytes, raw and packed with gzip. Also
// damaged packed bytes, which must end in an error.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "app/filter/line_blocks.h"
#include "core/check.h"
#include "core/wire/decode.h"
#include "fuzz/target.h"
#include "io/input/line_reader.h"

namespace tidemark::fuzz {
namespace {

// A file in memory.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(::memfd_create("lines", MFD_CLOEXEC)) {
    CHECK(descriptor_ >= 0);
    CHECK(::write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    ::lseek(descriptor_, 0, SEEK_SET);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(descriptor_); }
  int descriptor() const { return descriptor_; }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

struct Line {
  std::string kept;  // of a record that is too long, its beginning
  std::size_t in_all = 0;
  friend bool operator==(const Line&, const Line&) = default;
};

Line line_of(std::string_view record) {
  return {std::string(record.substr(0, max_record_bytes + 1)),
          record.size() > max_record_bytes + 1 ? record.size() : 0};
}

// The records of the bytes by the contract (§1.1, §1.2).
std::vector<Line> split(std::string_view bytes) {
  std::vector<Line> lines;
  for (std::size_t begin = 0; begin < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
    std::string_view record = bytes.substr(begin, end - begin);
    begin = end + 1;
    if (record.find_first_not_of(" \t\r") == record.npos) continue;
    if (record.ends_with('\r')) record.remove_suffix(1);
    lines.push_back(line_of(record));
  }
  return lines;
}

struct Outcome {
  std::vector<Line> lines;
  bool failed = false;
};

Outcome read_lines(std::string_view bytes) {
  const MemoryFile file(bytes);
  LineReader reader(ByteSource::from_descriptor(file.descriptor(), "lines"));
  Outcome outcome;
  for (;;) {
    const auto found = reader.next();
    if (!found) {
      CHECK(!found.error().message().empty());
      outcome.failed = true;
      return outcome;
    }
    if (*found == LineReader::Found::End) return outcome;
    CHECK(*found == LineReader::Found::Record);
    outcome.lines.push_back({std::string(reader.record()), reader.bytes_in_all()});
  }
}

Outcome read_blocks(std::string_view bytes) {
  const MemoryFile file(bytes);
  auto blocks = LineBlocks::open({file.path()});
  CHECK(blocks.has_value());
  Outcome outcome;
  for (LineBlock block;;) {
    const auto more = blocks->next(block, -1);
    if (!more) {
      CHECK(!more.error().message().empty());
      outcome.failed = true;
      return outcome;
    }
    if (!*more) return outcome;
    if (block.overlong) {
      if (!block.overlong->is_blank)
        outcome.lines.push_back({std::string(block.lines.substr(0, max_record_bytes)), block.overlong->bytes_in_all});
      continue;
    }
    for (const Line& line : split(block.lines)) outcome.lines.push_back(line);
  }
}

std::string packed(std::string_view bytes) {
  z_stream zlib{};
  CHECK(deflateInit2(&zlib, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&zlib, bytes.size()) + 64, '\0');
  zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  zlib.avail_in = static_cast<uInt>(bytes.size());
  zlib.next_out = reinterpret_cast<Bytef*>(out.data());
  zlib.avail_out = static_cast<uInt>(out.size());
  CHECK(deflate(&zlib, Z_FINISH) == Z_STREAM_END);
  out.resize(zlib.total_out);
  deflateEnd(&zlib);
  return out;
}

void same(const Outcome& outcome, const std::vector<Line>& expected) {
  CHECK(!outcome.failed);
  CHECK(outcome.lines == expected);
}

// A block keeps one byte less of an oversized record than the reader.
void same_blocks(Outcome outcome, std::vector<Line> expected) {
  for (std::vector<Line>* const lines : {&outcome.lines, &expected})
    for (Line& line : *lines) line.kept.resize(std::min(line.kept.size(), max_record_bytes));
  same(outcome, expected);
}

bool is_packed(std::string_view bytes) {
  const bool is_skipped_frame = bytes.size() >= 4 && (bytes[0] & 0xf0) == 0x50 && bytes.substr(1, 3) == "\x2a\x4d\x18";
  return bytes.starts_with("\x1f\x8b") || bytes.starts_with("\x28\xb5\x2f\xfd") || bytes.starts_with("PK\x03\x04") ||
         bytes.starts_with("PK\x05\x06") || is_skipped_frame;
}

std::string_view without_mark(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  return bytes;
}

const Registered lines("lines", [](std::string_view bytes) {
  if (bytes.empty()) return;
  // The first byte says how often the rest is repeated: long lines from short inputs.
  const std::size_t times = bytes[0] == '*' ? 3'000 : 1;
  bytes.remove_prefix(1);
  std::string text;
  for (std::size_t i = 0; i < times && text.size() < 300'000; ++i) text += bytes;

  const std::vector<Line> expected = split(without_mark(text));
  if (!is_packed(text)) {
    same(read_lines(text), expected);
    same_blocks(read_blocks(text), expected);
  } else {
    const Outcome one = read_lines(text), other = read_blocks(text);
    CHECK(one.failed == other.failed);
    if (!one.failed) same_blocks(other, one.lines);
  }
  const std::size_t half = text.size() / 2;
  const std::string members =
      packed(std::string_view(text).substr(0, half)) + packed(std::string_view(text).substr(half));
  same(read_lines(members), expected);
  same_blocks(read_blocks(members), expected);
  CHECK(read_lines(members.substr(0, members.size() - 1)).failed);
});

}  // namespace
}  // namespace tidemark::fuzz
