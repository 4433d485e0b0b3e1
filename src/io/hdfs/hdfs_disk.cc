#include "io/hdfs/hdfs_disk.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "io/disk/remote_disk.h"

namespace tidemark {
namespace {

constexpr DiskAbilities abilities_of_hdfs =
    DiskAbilities{.file_appears = FileAppears::BeforeSynced}
        .without(DiskAbility::Exchange, "HDFS exchanges no two folders in one step")
        .without(DiskAbility::Link, "HDFS has no second names for a file");

class HdfsFile final : public DiskFile {
 public:
  HdfsFile(const WebHdfs& hdfs, std::string path, std::unique_ptr<HttpUpload> upload)
      : hdfs_(&hdfs), path_(std::move(path)), upload_(std::move(upload)) {}

  Result<void> append(std::string_view bytes) override {
    auto taken = upload_->append(bytes);
    if (!taken) return std::unexpected(taken.error().while_doing(fmt::format("cannot write {} in HDFS", path_)));
    return {};
  }

  Result<void> sync() override { return hdfs_->finish_upload(*upload_, path_); }

 private:
  const WebHdfs* hdfs_;
  std::string path_;
  std::unique_ptr<HttpUpload> upload_;
};

class HdfsReader final : public RemoteReader {
 public:
  HdfsReader(const WebHdfs& hdfs, std::string path, std::uint64_t size)
      : RemoteReader(size), hdfs_(&hdfs), path_(std::move(path)) {}

 private:
  Result<void> read_piece(std::uint64_t offset, std::span<char> into) const override {
    std::size_t done = 0;
    while (done < into.size()) {
      const auto got = hdfs_->read(path_, offset + done, into.subspan(done));
      if (!got) return std::unexpected(got.error());
      if (*got == 0)
        return std::unexpected(Error::retryable(fmt::format(
            "cannot read {} in HDFS: it ended after {} of {} bytes; was it replaced?", path_, offset + done, size())));
      done += *got;
    }
    return {};
  }

  const WebHdfs* hdfs_;
  std::string path_;
};

class HdfsDisk final : public RemoteDisk {
 public:
  HdfsDisk(HdfsAccess access, HdfsModes modes, Disk& locks, std::string lock_folder)
      : RemoteDisk(locks, std::move(lock_folder)), hdfs_(std::move(access)), modes_(modes) {}

  DiskAbilities abilities() const override { return abilities_of_hdfs; }

  Result<std::unique_ptr<DiskFile>> create(const std::string& path) override {
    auto upload = hdfs_.create(path, modes_.file);
    if (!upload) return std::unexpected(upload.error());
    return std::make_unique<HdfsFile>(hdfs_, path, *std::move(upload));
  }

  Result<std::unique_ptr<DiskReader>> open(const std::string& path) const override {
    const auto status = hdfs_.status(path);
    if (!status) return std::unexpected(status.error());
    if (!*status || (*status)->is_folder)
      return std::unexpected(Error::retryable(fmt::format(
          "cannot read {} in HDFS: {}", path, *status ? "it is a folder" : "it is not there; was it removed?")));
    return std::make_unique<HdfsReader>(hdfs_, path, (*status)->size);
  }

  Result<std::vector<std::string>> list(const std::string& folder) const override {
    const auto entries = hdfs_.list(folder);
    if (!entries) return std::unexpected(entries.error());
    std::vector<std::string> names;
    for (const HdfsStatus& entry : *entries) names.push_back(entry.name);
    std::ranges::sort(names);
    return names;
  }

  Result<void> rename(const std::string& from, const std::string& to) override { return hdfs_.rename(from, to); }

  Result<void> remove(const std::string& path) override { return hdfs_.remove(path, false); }
  Result<void> remove_folder(const std::string& path) override { return hdfs_.remove(path, true); }
  Result<void> make_folder(const std::string& path) override { return hdfs_.make_folder(path, modes_.folder); }

 private:
  WebHdfs hdfs_;
  HdfsModes modes_;
};

// What only a person can mend is a matter of the settings. The rest may be over at the next start.
std::unexpected<Error> as_found_at_start(const Error& error) {
  const auto has = [&](const char* text) { return error.message().find(text) != std::string::npos; };
  const bool is_of_rights = has("AccessControlException") || has("QuotaExceededException") || has("hdfs-site.xml");
  return std::unexpected(is_of_rights ? Error::setup(error.message()) : Error::permanent(error.message()));
}

}  // namespace

std::unique_ptr<Disk> make_hdfs_disk(HdfsAccess access, HdfsModes modes, Disk& locks, std::string lock_folder) {
  return std::make_unique<HdfsDisk>(std::move(access), modes, locks, std::move(lock_folder));
}

Result<void> probe_hdfs(const HdfsAccess& access, const std::string& folder, HdfsModes modes) {
  const WebHdfs hdfs(access);
  constexpr std::string_view text = "tidemark";
  const std::string probe = fmt::format("{}/.probe-{}", folder, ::getpid()), renamed = probe + ".renamed";
  if (auto reached = hdfs.status("/"); !reached) return as_found_at_start(reached.error());
  if (auto made = hdfs.make_folder(folder, modes.folder); !made) return as_found_at_start(made.error());
  auto upload = hdfs.create(probe, modes.file);
  if (!upload) return as_found_at_start(upload.error());
  if (auto written = (*upload)->append(text); !written) return as_found_at_start(written.error());
  if (auto done = hdfs.finish_upload(**upload, probe); !done) return as_found_at_start(done.error());
  if (auto moved = hdfs.rename(probe, renamed); !moved) return as_found_at_start(moved.error());
  std::string back(text.size(), '\0');
  const auto read = hdfs.read(renamed, 0, back);
  if (auto removed = hdfs.remove(renamed, false); !removed) return as_found_at_start(removed.error());
  if (!read) return as_found_at_start(read.error());
  if (back != text)
    return std::unexpected(Error::setup(fmt::format("{} in HDFS gives back other bytes than were written", renamed)));
  return {};
}

}  // namespace tidemark
