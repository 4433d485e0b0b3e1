#include "sim/sim_disk.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "sim/misreading.h"

namespace tidemark::sim {
namespace {

std::unexpected<Error> failure(std::string_view what, const std::string& path, Fate::Outcome outcome) {
  const std::string_view reason = outcome == Fate::Outcome::Full        ? "no space left on device"
                                  : outcome == Fate::Outcome::NotSynced ? "not durable"
                                  : outcome == Fate::Outcome::Dead      ? "the process is dead"
                                                                        : "input/output error";
  return std::unexpected(Error::retryable(fmt::format("cannot {} {}: {}", what, path, reason)));
}

std::unexpected<Error> no_such(const std::string& path) {
  return std::unexpected(Error::retryable(fmt::format("there is no {}", path)));
}

Storage::AfterFailure draw_after_failure(Random& random) {
  return static_cast<Storage::AfterFailure>(random.between(0, 2));
}

class SimFile final : public DiskFile {
 public:
  SimFile(Computer& computer, std::string path, Storage::NodeRef node)
      : computer_(computer), path_(std::move(path)), node_(std::move(node)) {}

  Result<void> append(std::string_view bytes) override {
    const auto outcome = computer_.fate.strike(Deed::Write, [&](std::int64_t share) {
      Storage::write(*node_, node_->bytes.size(),
                     bytes.substr(0, bytes.size() * static_cast<std::size_t>(share) / 1'000));
    });
    return outcome == Fate::Outcome::Done ? Result<void>{} : failure("write", path_, outcome);
  }

  Result<void> sync() override {
    const auto outcome = computer_.fate.strike(Deed::Sync, [&](std::int64_t) { Storage::sync(*node_); });
    if (outcome == Fate::Outcome::Done) return {};
    if (outcome == Fate::Outcome::NotSynced)
      Storage::fail_sync(*node_, draw_after_failure(computer_.fate.random()), computer_.fate.random());
    return failure("sync", path_, outcome);
  }

 private:
  Computer& computer_;
  std::string path_;
  Storage::NodeRef node_;
};

// A file of an object store: it is there, durably and whole, once sync() has sent its end; until then it is nowhere.
class SimUpload final : public DiskFile {
 public:
  SimUpload(Computer& computer, std::string path) : computer_(computer), path_(std::move(path)) {}

  Result<void> append(std::string_view bytes) override {
    const auto outcome = computer_.fate.strike(Deed::Write, [&](std::int64_t share) {
      bytes_ += bytes.substr(0, bytes.size() * static_cast<std::size_t>(share) / 1'000);
    });
    return outcome == Fate::Outcome::Done ? Result<void>{} : failure("write", path_, outcome);
  }

  Result<void> sync() override {
    const auto outcome = computer_.fate.strike(Deed::Sync, [&](std::int64_t) { show(); });
    return outcome == Fate::Outcome::Done ? Result<void>{} : failure("sync", path_, outcome);
  }

 private:
  void show() const {
    Storage& storage = computer_.storage;
    if (!storage.find(folder_above(path_))) {  // a folder is only the beginning of names
      storage.make(folder_above(path_), true);
      storage.sync_names(storage.find(folder_above(folder_above(path_))));
    }
    const Storage::NodeRef node = storage.make(path_, false);
    Storage::write(*node, 0, bytes_);
    Storage::sync(*node);
    storage.sync_names(storage.find(folder_above(path_)));
  }

  Computer& computer_;
  std::string path_, bytes_;
};

class SimReader final : public DiskReader {
 public:
  SimReader(Computer& computer, std::string path, Storage::NodeRef node)
      : computer_(computer), path_(std::move(path)), node_(std::move(node)) {}

  std::uint64_t size() const override { return node_->bytes.size(); }
  Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const override {
    std::size_t count = 0;
    const auto outcome = computer_.fate.strike(Deed::Read, [&](std::int64_t) {
      if (offset < node_->bytes.size()) count = node_->bytes.copy(into.data(), into.size(), offset);
      misread(computer_, *node_, offset, into.first(count));
    });
    if (outcome != Fate::Outcome::Done) return failure("read", path_, outcome);
    return count;
  }

 private:
  Computer& computer_;
  std::string path_;
  Storage::NodeRef node_;
};

class SimLock final : public DiskLock {
 public:
  SimLock(std::set<std::string>& locked, std::string path) : locked_(locked), path_(std::move(path)) {}
  ~SimLock() override { locked_.erase(path_); }

 private:
  std::set<std::string>& locked_;
  std::string path_;
};

}  // namespace

DiskAbilities SimDisk::abilities() const {
  if (kind_ == DiskKind::Exchanges) return {};
  DiskAbilities fewer = DiskAbilities{}
                            .without(DiskAbility::Exchange, "this simulated disk exchanges no folders")
                            .without(DiskAbility::Link, "this simulated disk has no second names");
  if (kind_ == DiskKind::Renames) return fewer;
  fewer.file_appears = FileAppears::WhenSynced;
  return fewer.without(DiskAbility::Rename, "on this simulated disk a name is for ever");
}

template <typename PostHandler>
Result<void> SimDisk::change_names(const std::string& path, PostHandler act) {
  const auto outcome = computer_.fate.strike(Deed::Name, [&](std::int64_t) { act(); });
  return outcome == Fate::Outcome::Done ? Result<void>{} : failure("write", path, outcome);
}

Result<std::unique_ptr<DiskFile>> SimDisk::create(const std::string& path) {
  if (kind_ == DiskKind::Copies) return std::make_unique<SimUpload>(computer_, path);
  if (!computer_.storage.find(folder_above(path))) return no_such(folder_above(path));
  Storage::NodeRef node = computer_.storage.find(path);
  auto made = change_names(path, [&] {
    if (node)
      Storage::truncate(*node, 0);
    else
      node = computer_.storage.make(path, false);
  });
  if (!made) return std::unexpected(made.error());
  return std::make_unique<SimFile>(computer_, path, std::move(node));
}

Result<std::unique_ptr<DiskReader>> SimDisk::open(const std::string& path) const {
  Storage::NodeRef node = computer_.storage.find(path);
  if (!node || node->is_folder) return no_such(path);
  return std::make_unique<SimReader>(computer_, path, std::move(node));
}

Result<std::vector<std::string>> SimDisk::list(const std::string& folder) const {
  std::vector<std::string> names;
  const auto outcome = computer_.fate.strike(Deed::Read, [&](std::int64_t) { names = computer_.storage.list(folder); });
  if (outcome != Fate::Outcome::Done) return failure("list", folder, outcome);
  return names;
}

Result<void> SimDisk::rename(const std::string& from, const std::string& to) {
  if (auto can = require(*this, {DiskAbility::Rename}, to); !can) return can;
  if (!computer_.storage.find(from)) return no_such(from);
  return change_names(to, [&] { computer_.storage.rename(from, to); });
}

Result<void> SimDisk::exchange(const std::string& one, const std::string& other) {
  if (auto can = require(*this, {DiskAbility::Exchange}, other); !can) return can;
  if (!computer_.storage.find(one)) return no_such(one);
  if (!computer_.storage.find(other)) return no_such(other);
  return change_names(other, [&] { computer_.storage.exchange(one, other); });
}

Result<void> SimDisk::link(const std::string& from, const std::string& to) {
  if (auto can = require(*this, {DiskAbility::Link}, to); !can) return can;
  if (!computer_.storage.find(from)) return no_such(from);
  return change_names(to, [&] { computer_.storage.link(from, to); });
}

Result<void> SimDisk::remove(const std::string& path) {
  if (!computer_.storage.find(path)) return {};
  return change_names(path, [&] { computer_.storage.remove(path); });
}

// File by file, as a real one does: a kill leaves some.
Result<void> SimDisk::remove_folder(const std::string& path) {
  const auto node = computer_.storage.find(path);
  if (!node) return {};
  for (const std::string& name : computer_.storage.list(path))
    if (auto removed = remove(fmt::format("{}/{}", path, name)); !removed) return removed;
  return change_names(path, [&] { computer_.storage.remove(path); });
}

Result<void> SimDisk::make_folder(const std::string& path) {
  if (path == "/") return {};
  // One that is there may not be durable: who made it was killed before it could sync.
  if (computer_.storage.find(path)) return sync_folder(folder_above(path));
  if (auto made = make_folder(folder_above(path)); !made) return made;
  if (auto made = change_names(path, [&] { computer_.storage.make(path, true); }); !made) return made;
  return sync_folder(folder_above(path));
}

Result<void> SimDisk::sync_folder(const std::string& path) {
  const auto folder = computer_.storage.find(path);
  if (!folder) return no_such(path);
  const auto outcome =
      computer_.fate.strike(Deed::SyncNames, [&](std::int64_t) { computer_.storage.sync_names(folder); });
  return outcome == Fate::Outcome::Done ? Result<void>{} : failure("sync", path, outcome);
}

Result<std::unique_ptr<DiskLock>> SimDisk::lock(const std::string& path, Wait wait) {
  if (!locked_.insert(path).second) {
    CHECK(wait == Wait::No);  // on one thread nobody would ever give it back
    return std::unexpected(Error::retryable(fmt::format("somebody holds {}", path)));
  }
  auto lock = std::make_unique<SimLock>(locked_, path);
  if (!computer_.storage.find(path))
    if (auto made = change_names(path, [&] { computer_.storage.make(path, false); }); !made)
      return std::unexpected(made.error());
  return lock;
}

}  // namespace tidemark::sim
