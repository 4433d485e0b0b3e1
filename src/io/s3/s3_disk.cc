#include "io/s3/s3_disk.h"

#include <arrow/filesystem/filesystem.h>
#include <arrow/io/interfaces.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <mutex>
#include <utility>

#include "io/disk/remote_disk.h"
#include "io/net/secret_mask.h"
#include "io/s3/s3_error.h"
#include "io/s3/s3_library.h"

namespace tidemark {
namespace {

constexpr DiskAbilities abilities_of_s3 = DiskAbilities{.file_appears = FileAppears::WhenSynced}
                                              .without(DiskAbility::Rename, "an object in S3 keeps its name")
                                              .without(DiskAbility::Exchange, "S3 has no folders to exchange")
                                              .without(DiskAbility::Link, "an object in S3 has one name");

constexpr std::string_view scheme_of_paths = "s3://";

// Arrow's form of a path: BUCKET/KEY.
std::string key_of(std::string_view path) {
  if (path.starts_with(scheme_of_paths)) path.remove_prefix(scheme_of_paths.size());
  return std::string(path);
}

// Turns what the SDK says into an error without keys.
class S3Errors {
 public:
  explicit S3Errors(const S3Keys& keys) : mask_({keys.id.reveal(), keys.secret.reveal(), keys.token.reveal()}) {}

  std::unexpected<Error> operator()(std::string_view doing, std::string_view path, const arrow::Status& status) const {
    std::string why = status.message();
    mask_.cover(why);
    return std::unexpected(
        Error::retryable(fmt::format("cannot {} {}: {}; {}", doing, path, why, cure_of(trouble_of(why), path))));
  }

 private:
  SecretMask mask_;
};

class S3File final : public DiskFile {
 public:
  S3File(const S3Errors& errors, std::string path, std::shared_ptr<arrow::io::OutputStream> upload)
      : errors_(&errors), path_(std::move(path)), upload_(std::move(upload)) {}
  // Without this, Arrow's stream would complete the upload.
  ~S3File() override {
    if (upload_ && !upload_->closed()) (void)upload_->Abort();
  }

  Result<void> append(std::string_view bytes) override {
    const auto written = upload_->Write(bytes.data(), static_cast<std::int64_t>(bytes.size()));
    if (!written.ok()) return (*errors_)("write", path_, written);
    return {};
  }

  Result<void> sync() override {
    const auto closed = upload_->Close();
    if (!closed.ok()) return (*errors_)("write", path_, closed);
    return {};
  }

 private:
  const S3Errors* errors_;
  std::string path_;
  std::shared_ptr<arrow::io::OutputStream> upload_;
};

class S3Reader final : public RemoteReader {
 public:
  S3Reader(const S3Errors& errors, std::string path, std::shared_ptr<arrow::io::RandomAccessFile> file,
           std::int64_t size)
      : RemoteReader(static_cast<std::uint64_t>(size)),
        errors_(&errors),
        path_(std::move(path)),
        file_(std::move(file)) {}

 private:
  Result<void> read_piece(std::uint64_t offset, std::span<char> into) const override {
    const auto got =
        file_->ReadAt(static_cast<std::int64_t>(offset), static_cast<std::int64_t>(into.size()), into.data());
    if (!got.ok()) return (*errors_)("read", path_, got.status());
    if (static_cast<std::size_t>(*got) == into.size()) return {};
    return std::unexpected(
        Error::retryable(fmt::format("cannot read {}: it ended after {} of {} bytes; was it replaced?", path_,
                                     offset + static_cast<std::uint64_t>(*got), size())));
  }

  const S3Errors* errors_;
  std::string path_;
  std::shared_ptr<arrow::io::RandomAccessFile> file_;
};

class S3Disk final : public RemoteDisk {
 public:
  S3Disk(const S3Access& access, std::string bucket, Disk& locks, std::string lock_folder)
      : RemoteDisk(locks, std::move(lock_folder)), access_(access), bucket_(std::move(bucket)), errors_(access.keys) {}

  DiskAbilities abilities() const override { return abilities_of_s3; }

  Result<std::unique_ptr<DiskFile>> create(const std::string& path) override {
    auto s3 = connected();
    if (!s3) return std::unexpected(s3.error());
    auto upload = (*s3)->OpenOutputStream(key_of(path));
    if (!upload.ok()) return errors_("write", path, upload.status());
    return std::make_unique<S3File>(errors_, path, *std::move(upload));
  }

  Result<std::unique_ptr<DiskReader>> open(const std::string& path) const override {
    auto s3 = connected();
    if (!s3) return std::unexpected(s3.error());
    const auto info = (*s3)->GetFileInfo(key_of(path));
    if (!info.ok()) return errors_("read", path, info.status());
    if (info->type() != arrow::fs::FileType::File)
      return std::unexpected(Error::retryable(fmt::format(
          "cannot read {}: {}", path,
          info->type() == arrow::fs::FileType::Directory ? "it is a folder" : "it is not there; was it removed?")));
    auto file = (*s3)->OpenInputFile(*info);
    if (!file.ok()) return errors_("read", path, file.status());
    return std::make_unique<S3Reader>(errors_, path, *std::move(file), info->size());
  }

  Result<std::vector<std::string>> list(const std::string& folder) const override {
    auto s3 = connected();
    if (!s3) return std::unexpected(s3.error());
    arrow::fs::FileSelector selector;
    selector.base_dir = key_of(folder);
    selector.allow_not_found = false;  // with it, a bucket that is not there would be an empty folder, too
    const auto infos = (*s3)->GetFileInfo(selector);
    if (!infos.ok() && trouble_of(infos.status().message()) == S3Trouble::Missing) return std::vector<std::string>{};
    if (!infos.ok()) return errors_("list", folder, infos.status());
    std::vector<std::string> names;
    for (const arrow::fs::FileInfo& info : *infos) names.push_back(info.base_name());
    std::ranges::sort(names);
    return names;
  }

  Result<void> rename(const std::string& /*from*/, const std::string& to) override {
    return std::unexpected(lacking(*this, DiskAbility::Rename, to));
  }

  Result<void> remove(const std::string& path) override {
    auto s3 = connected();
    if (!s3) return std::unexpected(s3.error());
    const auto removed = (*s3)->DeleteFile(key_of(path));
    if (!removed.ok() && trouble_of(removed.message()) != S3Trouble::Missing) return errors_("remove", path, removed);
    return {};
  }

  Result<void> remove_folder(const std::string& path) override {
    auto s3 = connected();
    if (!s3) return std::unexpected(s3.error());
    // Deepest first: a server that keeps objects in a file system removes no folder that still holds something.
    auto folders = folders_in(**s3, path);
    if (!folders) return std::unexpected(folders.error());
    std::ranges::sort(*folders, std::greater<>());
    for (const std::string& folder : *folders)
      if (const auto removed = (*s3)->DeleteDir(folder); !removed.ok()) return errors_("remove", path, removed);
    const auto removed = (*s3)->DeleteDirContents(key_of(path), true);
    if (!removed.ok()) return errors_("remove", path, removed);
    return {};
  }

  Result<void> make_folder(const std::string& /*path*/) override { return {}; }

  // The server copies; nothing comes here.
  Result<void> copy(const std::string& from, const std::string& to) override {
    auto s3 = connected();
    if (!s3) return std::unexpected(s3.error());
    const auto copied = (*s3)->CopyFile(key_of(from), key_of(to));
    if (!copied.ok()) return errors_("write", to, copied);
    return {};
  }

 private:
  Result<std::vector<std::string>> folders_in(arrow::fs::FileSystem& s3, const std::string& path) const {
    arrow::fs::FileSelector selector;
    selector.base_dir = key_of(path);
    selector.allow_not_found = selector.recursive = true;
    const auto infos = s3.GetFileInfo(selector);
    if (!infos.ok()) return errors_("remove", path, infos.status());
    std::vector<std::string> folders;
    for (const arrow::fs::FileInfo& info : *infos)
      if (info.IsDirectory()) folders.push_back(info.path());
    return folders;
  }

  Result<std::shared_ptr<arrow::fs::FileSystem>> connected() const {
    const std::scoped_lock lock(mutex_);
    if (s3_) return s3_;
    auto opened = open_s3(access_, bucket_);
    if (opened) s3_ = *opened;
    return opened;
  }

  S3Access access_;
  std::string bucket_;
  S3Errors errors_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<arrow::fs::FileSystem> s3_;
};

// What only a person can mend is a matter of the settings. The rest may be over at the next start.
std::unexpected<Error> found_by_probe(const Error& error) {
  const bool is_setup = error.is_setup() || needs_a_person(trouble_of(error.message()));
  return std::unexpected(is_setup ? Error::setup(error.message()) : Error::permanent(error.message()));
}

}  // namespace

std::unique_ptr<Disk> make_s3_disk(const S3Access& access, std::string bucket, Disk& locks, std::string lock_folder) {
  return std::make_unique<S3Disk>(access, std::move(bucket), locks, std::move(lock_folder));
}

Result<void> probe_s3(Disk& disk, const std::string& folder) {
  constexpr std::string_view text = "tidemark";
  const std::string name = fmt::format(".probe-{}", ::getpid()), probe = folder + '/' + name;
  const auto file = disk.create(probe);
  if (!file) return found_by_probe(file.error());
  if (auto written = (*file)->append(text); !written) return found_by_probe(written.error());
  if (auto shown = (*file)->sync(); !shown) return found_by_probe(shown.error());
  const auto names = disk.list(folder);
  if (!names) return found_by_probe(names.error());
  std::string back(text.size(), '\0');
  const auto reader = disk.open(probe);
  const auto read = reader ? (*reader)->read(0, back) : std::unexpected(reader.error());
  if (auto removed = disk.remove(probe); !removed) return found_by_probe(removed.error());
  if (!read) return found_by_probe(read.error());
  if (back != text || std::ranges::find(*names, name) == names->end())
    return std::unexpected(Error::setup(fmt::format(
        "{} does not give back what was written: is s3-endpoint a server of S3 that is consistent?", folder)));
  return {};
}

}  // namespace tidemark
