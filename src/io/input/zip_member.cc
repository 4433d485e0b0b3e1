// Reads the single file of a ZIP archive with libzip.
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "core/wire/visible_text.h"
#include "io/input/unpacking.h"

namespace tidemark {
namespace {

constexpr std::size_t most_names = 5;

// A name in an archive may contain anything.
std::string shown(std::string_view name) { return visible(name.substr(0, 200)); }

bool is_content(std::string_view name) { return !name.ends_with('/') && !name.starts_with("__MACOSX/"); }

class OpenMember final : public ZipMember {
 public:
  OpenMember(zip_t* archive, zip_file_t* file, zip_uint64_t bytes, std::string name)
      : archive_(archive), file_(file), bytes_(bytes), name_(std::move(name)) {}
  OpenMember(const OpenMember&) = delete;
  OpenMember& operator=(const OpenMember&) = delete;
  ~OpenMember() override {
    ::zip_fclose(file_);
    ::zip_discard(archive_);
  }

  Result<std::size_t> read(std::span<char> into) override {
    const zip_int64_t got = ::zip_fread(file_, into.data(), into.size());
    if (got < 0)
      return std::unexpected(
          Error::permanent(name_ + " is damaged: " + ::zip_error_strerror(::zip_file_get_error(file_))));
    read_ += static_cast<zip_uint64_t>(got);
    return static_cast<std::size_t>(got);
  }
  double share_read() const override {
    return bytes_ == 0 ? 1 : std::min(1.0, static_cast<double>(read_) / static_cast<double>(bytes_));
  }

 private:
  zip_t* archive_;
  zip_file_t* file_;
  zip_uint64_t bytes_, read_ = 0;
  std::string name_;
};

Error several(const std::string& name, const std::vector<std::string>& members) {
  std::string text = name + " holds " + std::to_string(members.size()) + " files (";
  for (std::size_t i = 0; i < std::min(members.size(), most_names); ++i)
    text += (i == 0 ? "" : ", ") + shown(members[i]);
  text += members.size() > most_names ? ", …" : "";
  return Error::setup(text + "); unpack it and name the files to read, or give one on standard input: unzip -p " +
                      name + " NAME | tidemark … -");
}

}  // namespace

Result<std::unique_ptr<ZipMember>> ZipMember::open(int descriptor, const std::string& name) {
  const int own = ::dup(descriptor);
  if (own < 0)
    return std::unexpected(Error::permanent("cannot read " + name + ": " + std::generic_category().message(errno)));
  int code = 0;
  zip_t* const archive = ::zip_fdopen(own, 0, &code);
  if (archive == nullptr) {
    ::close(own);
    zip_error_t error;
    ::zip_error_init_with_code(&error, code);
    const std::string why = ::zip_error_strerror(&error);
    ::zip_error_fini(&error);
    return std::unexpected(Error::permanent(name + " is damaged, or not a complete ZIP archive: " + why));
  }
  std::vector<std::string> members;
  zip_uint64_t index = 0;
  for (zip_int64_t i = 0; i < ::zip_get_num_entries(archive, 0); ++i) {
    const char* const member = ::zip_get_name(archive, static_cast<zip_uint64_t>(i), 0);
    if (member == nullptr || !is_content(member)) continue;
    members.emplace_back(member);
    index = static_cast<zip_uint64_t>(i);
  }
  if (members.size() != 1) {
    ::zip_discard(archive);
    return std::unexpected(members.empty() ? Error::permanent(name + " is a ZIP archive without a file in it")
                                           : several(name, members));
  }
  zip_stat_t about{};
  const bool is_known = ::zip_stat_index(archive, index, 0, &about) == 0 && (about.valid & ZIP_STAT_SIZE) != 0;
  zip_file_t* const file = ::zip_fopen_index(archive, index, 0);
  if (file == nullptr) {
    const std::string why = ::zip_error_strerror(::zip_get_error(archive));
    ::zip_discard(archive);
    return std::unexpected(Error::permanent("cannot unpack " + shown(members.front()) + " in " + name + ": " + why));
  }
  return std::make_unique<OpenMember>(archive, file, is_known ? about.size : 0, name);
}

}  // namespace tidemark
