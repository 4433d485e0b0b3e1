#include "app/data_dir/lake_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>
#include <utility>

#include "io/disk/posix_disk.h"
#include "io/disk/small_file.h"
#include "io/serve/random_epoch.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

constexpr unsigned url_mode = 0600;
constexpr std::size_t longest_word = 256;
constexpr std::string_view owner_name = ".owner";  // hidden from readers of the lake

struct Remembered {
  std::string url, word, user;
};

Result<std::optional<Remembered>> remembered(const fs::path& data) {
  const auto text = read_small_file((data / lake_url_name).string());
  if (!text) return std::unexpected(text.error());
  if (!*text) return std::nullopt;
  std::array<std::string, 3> lines;
  std::string_view rest = **text;
  for (std::string& line : lines) {
    line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  return Remembered{.url = lines[0], .word = lines[1], .user = lines[2]};
}

Error another_place(const fs::path& data, const std::string& place, const std::string& said) {
  return Error::setup(
      fmt::format("lake: {} is said, but the log in {} publishes into {}, and what it has published is only there; "
                  "say that, or begin another data directory with --data (if that lake has another address now, write "
                  "it into the first line of {})",
                  said, data.string(), place, (data / lake_url_name).string()));
}

Result<std::string> text_of(Disk& disk, const std::string& folder, const std::string& name) {
  const auto names = disk.list(folder);
  if (!names) return std::unexpected(names.error());
  if (std::ranges::find(*names, name) == names->end()) return std::string();
  const auto file = disk.open(folder + '/' + name);
  if (!file) return std::unexpected(file.error());
  std::string text(std::min<std::uint64_t>((*file)->size(), longest_word), '\0');
  const auto read = (*file)->read(0, text);
  if (!read) return std::unexpected(read.error());
  text.resize(*read);
  return text;
}

}  // namespace

fs::path lake_folder(const fs::path& data) { return data / "lake"; }

LakePlace::LakePlace(const RunOptions& options)
    : remote_(make_remote_place(options)),
      codec_(options.lake_codec),
      locks_(make_posix_disk(private_modes)),
      disk_(remote_ ? remote_->make_disk(*locks_, options.data.string())
                    : make_posix_disk(lake_modes(options.lake_mode))),
      folder_(remote_ ? remote_->folder() : lake_folder(options.data).string()) {}

LakePlace::LakePlace(const fs::path& data, unsigned lake_mode, PageCompression codec)
    : codec_(codec), disk_(make_posix_disk(lake_modes(lake_mode))), folder_(lake_folder(data).string()) {}

std::string LakePlace::text() const { return remote_ ? remote_->text() : folder_; }

Result<std::string> LakePlace::hadoop_uri() const {
  if (remote_) return remote_->hadoop_uri();
  std::error_code failed;
  const auto whole = fs::absolute(folder_, failed);
  return "file://" + (failed ? folder_ : whole.lexically_normal().string());
}

Result<void> LakePlace::probe() const {
  if (!remote_) return {};
  if (auto probed = remote_->probe(*disk_); !probed)
    return std::unexpected(probed.error().while_doing(fmt::format("lake {}", text())));
  return {};
}

Result<void> LakePlace::claim(const fs::path& data) const {
  const auto known = remembered(data);
  if (!known) return std::unexpected(known.error());
  if (!remote_) return *known ? std::unexpected(another_place(data, (*known)->url, text())) : Result<void>{};
  std::error_code ignored;
  if (!*known && fs::exists(lake_folder(data), ignored))
    return std::unexpected(another_place(data, lake_folder(data).string(), text()));
  if (*known && (*known)->url != text()) return std::unexpected(another_place(data, (*known)->url, text()));
  if (auto probed = probe(); !probed) return probed;
  const auto owner = text_of(*disk_, folder_, std::string(owner_name));
  if (!owner) return std::unexpected(owner.error());
  const std::string word = *known ? (*known)->word : random_epoch();
  if (!owner->empty() && *owner != word) return std::unexpected(another_log());
  // In this order: a process that is killed in between finds its own word at the next start.
  if (!*known)
    if (auto kept = replace_small_file((data / lake_url_name).string(),
                                       fmt::format("{}\n{}\n{}\n", text(), word, remote_->user()), url_mode);
        !kept)
      return kept;
  return owner->empty() ? own(word) : Result<void>{};
}

Result<LakePlace> LakePlace::of_data(RunOptions options, Use use) {
  const auto known = remembered(options.data);
  if (!known) return std::unexpected(known.error());
  if (*known && !options.remote_lake) {
    auto address = parse_lake_address((*known)->url);
    if (!address) return std::unexpected(address.error().while_doing((options.data / lake_url_name).string()));
    if (HdfsUrl* const hdfs = std::get_if<HdfsUrl>(&*address)) hdfs->user = (*known)->user;
    options.remote_lake = std::move(*address);
  }
  LakePlace place(options);
  if (place.is_local()) return place;
  std::error_code ignored;
  if (*known && (*known)->url != place.text())
    return std::unexpected(another_place(options.data, (*known)->url, place.text()));
  if (!*known && fs::exists(lake_folder(options.data), ignored))
    return std::unexpected(another_place(options.data, lake_folder(options.data).string(), place.text()));
  if (use == Use::Question) return place;
  const auto owner = text_of(*place.disk_, place.folder_, std::string(owner_name));
  if (!owner) return std::unexpected(owner.error());
  if (!owner->empty() && *owner != (*known ? (*known)->word : "")) return std::unexpected(place.another_log());
  return place;
}

Result<void> LakePlace::expect_lake() const {
  std::error_code ignored;
  const auto names = is_local() ? std::vector<std::string>() : disk_->list(folder_);
  if (!names) return std::unexpected(names.error());
  if (is_local() ? fs::is_directory(folder_, ignored) : !names->empty()) return {};
  return std::unexpected(
      Error::setup(fmt::format("there is no lake at {}: `tidemark run` makes one, --data says where", text())));
}

Error LakePlace::another_log() const {
  return Error::setup(
      fmt::format("lake: another data directory publishes into {}, and two logs would number their rows alike; name "
                  "another folder, or, if that directory is gone for good: {}",
                  text(), remote_->removal(owner_name)));
}

Result<void> LakePlace::own(const std::string& word) const {
  const auto file = disk_->create(fmt::format("{}/{}", folder_, owner_name));
  if (!file) return std::unexpected(file.error());
  if (auto written = (*file)->append(word); !written) return written;
  return (*file)->sync();
}

}  // namespace tidemark
