#include "sim/sqlite_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "core/check.h"
#include "sim/misreading.h"

namespace tidemark::sim {
namespace {

constexpr int write_lock = 0;  // of the slots of a WAL's shared memory: who writes
constexpr const char* vfs_name = "tidemark-sim";

// What all connections to one file share in one process; a crash takes it away.
struct Shared {
  int readers = 0;  // with a SHARED lock or more
  const void* reserved = nullptr;
  const void* exclusive = nullptr;
  bool pending = false;
  std::vector<std::unique_ptr<char[]>> regions;
  int slot_readers[SQLITE_SHM_NLOCK] = {};
  const void* slot_owner[SQLITE_SHM_NLOCK] = {};
};

struct Context {
  Computer& computer;
  std::map<std::string, std::weak_ptr<Shared>> shared;
};

struct Opened {
  Context& context;
  std::string path;  // empty: a temporary file
  Storage::NodeRef node;
  std::shared_ptr<Shared> shared;
  int lock = SQLITE_LOCK_NONE;
  bool name_may_be_new = false;  // then its folder is synced with its first sync, as on POSIX
  bool has_memory = false;
  std::uint16_t slots_shared = 0, slots_owned = 0;
};

struct VfsFile : sqlite3_file {
  Opened* opened;
};

Opened& of(sqlite3_file* file) { return *static_cast<VfsFile*>(file)->opened; }

int code(Fate::Outcome outcome, int broken) {
  switch (outcome) {
    case Fate::Outcome::Done:
      return SQLITE_OK;
    case Fate::Outcome::Full:
      return SQLITE_FULL;
    case Fate::Outcome::Broken:
    case Fate::Outcome::NotSynced:
    case Fate::Outcome::Dead:
      return broken;
  }
  return broken;
}

// In another order than for other files: the seeds that once found a fault depend on it.
Storage::AfterFailure draw_after_failed_log_sync(Random& random) {
  constexpr Storage::AfterFailure outcomes[] = {Storage::AfterFailure::StillDirty, Storage::AfterFailure::ReadAgain,
                                                Storage::AfterFailure::Forgotten};
  return outcomes[random.between(0, 2)];
}

int unlock(sqlite3_file* file, int level) {
  Opened& self = of(file);
  Shared& shared = *self.shared;
  if (self.lock <= level) return SQLITE_OK;
  if (shared.exclusive == &self) shared.exclusive = nullptr;
  if (shared.reserved == &self) shared.reserved = nullptr;
  if (self.lock > SQLITE_LOCK_SHARED) shared.pending = false;
  if (level == SQLITE_LOCK_NONE) --shared.readers;
  self.lock = level;
  return SQLITE_OK;
}

int lock(sqlite3_file* file, int level) {
  Opened& self = of(file);
  Shared& shared = *self.shared;
  if (self.context.computer.fate.is_dead()) return SQLITE_IOERR_LOCK;
  if (self.lock >= level) return SQLITE_OK;
  if (self.lock == SQLITE_LOCK_NONE) {
    if (shared.pending || shared.exclusive != nullptr) return SQLITE_BUSY;
    ++shared.readers;
    self.lock = SQLITE_LOCK_SHARED;
  }
  if (level == SQLITE_LOCK_SHARED) return SQLITE_OK;
  if (shared.reserved != nullptr && shared.reserved != &self) return SQLITE_BUSY;
  shared.reserved = &self;
  self.lock = std::max(self.lock, SQLITE_LOCK_RESERVED);
  if (level == SQLITE_LOCK_RESERVED) return SQLITE_OK;
  shared.pending = true;
  self.lock = SQLITE_LOCK_PENDING;
  if (shared.readers > 1) return SQLITE_BUSY;
  shared.exclusive = &self;
  self.lock = SQLITE_LOCK_EXCLUSIVE;
  return SQLITE_OK;
}

int check_reserved(sqlite3_file* file, int* result) {
  *result = of(file).shared->reserved != nullptr ? 1 : 0;
  return SQLITE_OK;
}

int memory_unmap(sqlite3_file* file, int) {
  Opened& self = of(file);
  for (int slot = 0; slot < SQLITE_SHM_NLOCK; ++slot) {
    if ((self.slots_shared >> slot & 1) != 0) --self.shared->slot_readers[slot];
    if ((self.slots_owned >> slot & 1) != 0) self.shared->slot_owner[slot] = nullptr;
  }
  self.slots_shared = self.slots_owned = 0;
  self.has_memory = false;
  return SQLITE_OK;
}

int memory_map(sqlite3_file* file, int region, int size, int extend, void volatile** place) {
  Opened& self = of(file);
  *place = nullptr;
  if (self.context.computer.fate.is_dead()) return SQLITE_IOERR_SHMMAP;
  auto& regions = self.shared->regions;
  self.has_memory = true;
  if (static_cast<std::size_t>(region) >= regions.size()) {
    if (extend == 0) return SQLITE_OK;
    while (regions.size() <= static_cast<std::size_t>(region)) regions.push_back(std::make_unique<char[]>(size));
  }
  *place = regions[region].get();
  return SQLITE_OK;
}

int memory_lock(sqlite3_file* file, int first, int count, int flags) {
  Opened& self = of(file);
  Shared& shared = *self.shared;
  const auto mask = static_cast<std::uint16_t>(((1U << count) - 1U) << first);
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    for (int slot = first; slot < first + count; ++slot) {
      if ((self.slots_shared >> slot & 1) != 0) --shared.slot_readers[slot];
      if ((self.slots_owned >> slot & 1) != 0) shared.slot_owner[slot] = nullptr;
    }
    self.slots_shared &= static_cast<std::uint16_t>(~mask);
    self.slots_owned &= static_cast<std::uint16_t>(~mask);
    return SQLITE_OK;
  }
  Computer& computer = self.context.computer;
  if (computer.fate.is_dead()) return SQLITE_IOERR_SHMLOCK;
  const bool is_exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  if (is_exclusive && first == write_lock && computer.clock.now() < computer.log_is_busy_until) return SQLITE_BUSY;
  for (int slot = first; slot < first + count; ++slot) {
    if (shared.slot_owner[slot] != nullptr && shared.slot_owner[slot] != &self) return SQLITE_BUSY;
    const int own = self.slots_shared >> slot & 1;
    if (is_exclusive && shared.slot_readers[slot] > own) return SQLITE_BUSY;
  }
  for (int slot = first; slot < first + count; ++slot) {
    if (is_exclusive)
      shared.slot_owner[slot] = &self;
    else if ((self.slots_shared >> slot & 1) == 0)
      ++shared.slot_readers[slot];
  }
  (is_exclusive ? self.slots_owned : self.slots_shared) |= mask;
  return SQLITE_OK;
}

void memory_barrier(sqlite3_file*) {}

int close(sqlite3_file* file) {
  Opened& self = of(file);
  memory_unmap(file, 0);
  unlock(file, SQLITE_LOCK_NONE);
  delete &self;
  file->pMethods = nullptr;
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
  Opened& self = of(file);
  const auto wanted = static_cast<std::size_t>(size), from = static_cast<std::size_t>(offset);
  std::size_t got = 0;
  const auto outcome = self.context.computer.fate.strike(Deed::Read, [&](std::int64_t) {
    if (from < self.node->bytes.size()) got = self.node->bytes.copy(static_cast<char*>(into), wanted, from);
    misread(self.context.computer, *self.node, from, {static_cast<char*>(into), got});
  });
  if (outcome != Fate::Outcome::Done) return SQLITE_IOERR_READ;
  if (got == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(into) + got, 0, wanted - got);
  return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  Opened& self = of(file);
  const std::string_view all(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  return code(self.context.computer.fate.strike(
                  Deed::Write,
                  [&](std::int64_t share) {
                    Storage::write(*self.node, static_cast<std::size_t>(offset),
                                   all.substr(0, all.size() * static_cast<std::size_t>(share) / 1'000));
                  }),
              SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  Opened& self = of(file);
  return code(self.context.computer.fate.strike(
                  Deed::Name, [&](std::int64_t) { Storage::truncate(*self.node, static_cast<std::size_t>(size)); }),
              SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* file, int) {
  Opened& self = of(file);
  Computer& computer = self.context.computer;
  const auto outcome = computer.fate.strike(Deed::Sync, [&](std::int64_t) { Storage::sync(*self.node); });
  if (outcome == Fate::Outcome::NotSynced)
    Storage::fail_sync(*self.node, draw_after_failed_log_sync(computer.fate.random()), computer.fate.random());
  if (outcome != Fate::Outcome::Done) return SQLITE_IOERR_FSYNC;
  if (!self.name_may_be_new) return SQLITE_OK;
  const auto named = computer.fate.strike(Deed::SyncNames, [&](std::int64_t) {
    computer.storage.sync_names(computer.storage.find(folder_above(self.path)));
  });
  self.name_may_be_new = named != Fate::Outcome::Done;
  return code(named, SQLITE_IOERR_DIR_FSYNC);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(of(file).node->bytes.size());
  return SQLITE_OK;
}

int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector(sqlite3_file*) { return 4'096; }  // what SQLite takes on POSIX, whatever the disk has
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

constexpr sqlite3_io_methods methods{
    .iVersion = 2,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = file_size,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = check_reserved,
    .xFileControl = control,
    .xSectorSize = sector,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = memory_map,
    .xShmLock = memory_lock,
    .xShmBarrier = memory_barrier,
    .xShmUnmap = memory_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

Context& context_of(sqlite3_vfs* vfs) { return *static_cast<Context*>(vfs->pAppData); }

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  Context& context = context_of(vfs);
  Computer& computer = context.computer;
  file->pMethods = nullptr;
  if (computer.fate.is_dead()) return SQLITE_CANTOPEN;
  auto opened = std::make_unique<Opened>(Opened{context});
  if (name == nullptr) {
    opened->node = std::make_shared<Storage::Node>();
    opened->shared = std::make_shared<Shared>();
  } else {
    opened->path = name;
    opened->node = computer.storage.find(opened->path);
    if (!opened->node) {
      if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
      const auto outcome = computer.fate.strike(
          Deed::Name, [&](std::int64_t) { opened->node = computer.storage.make(opened->path, false); });
      if (outcome != Fate::Outcome::Done) return code(outcome, SQLITE_CANTOPEN);
    }
    opened->name_may_be_new =
        (flags & SQLITE_OPEN_CREATE) != 0 && (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    std::weak_ptr<Shared>& shared = context.shared[opened->path];
    opened->shared = shared.lock();
    if (!opened->shared) shared = opened->shared = std::make_shared<Shared>();
  }
  if (flags_out != nullptr) *flags_out = flags;
  static_cast<VfsFile*>(file)->opened = opened.release();
  file->pMethods = &methods;
  return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  Computer& computer = context_of(vfs).computer;
  if (computer.fate.is_dead()) return SQLITE_IOERR_DELETE;
  if (!computer.storage.find(name)) return SQLITE_IOERR_DELETE_NOENT;
  const auto removed = computer.fate.strike(Deed::Name, [&](std::int64_t) { computer.storage.remove(name); });
  if (removed != Fate::Outcome::Done) return SQLITE_IOERR_DELETE;
  if (sync_folder == 0) return SQLITE_OK;
  return code(computer.fate.strike(
                  Deed::SyncNames,
                  [&](std::int64_t) { computer.storage.sync_names(computer.storage.find(folder_above(name))); }),
              SQLITE_IOERR_DIR_FSYNC);
}

int access(sqlite3_vfs* vfs, const char* name, int, int* result) {
  const auto node = context_of(vfs).computer.storage.find(name);
  // As on POSIX: an empty journal is as good as none.
  *result = node && !node->bytes.empty() ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* into) {
  const std::size_t length = std::strlen(name);
  if (length + 1 > static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
  std::memcpy(into, name, length + 1);
  return SQLITE_OK;
}

int randomness(sqlite3_vfs* vfs, int size, char* into) {
  for (int i = 0; i < size; ++i) into[i] = static_cast<char>(context_of(vfs).computer.fate.random().next());
  return size;
}

int sleep(sqlite3_vfs* vfs, int micros) {
  context_of(vfs).computer.clock.advance(std::chrono::microseconds(micros));
  return micros;
}

int current_time_int64(sqlite3_vfs* vfs, sqlite3_int64* now) {
  constexpr sqlite3_int64 epoch = 210'866'760'000'000;  // 1970 in SQLite's julian milliseconds
  *now = epoch + nanos_since_epoch(context_of(vfs).computer.clock.now()) / 1'000'000;
  return SQLITE_OK;
}

int current_time(sqlite3_vfs* vfs, double* now) {
  sqlite3_int64 millis = 0;
  current_time_int64(vfs, &millis);
  *now = static_cast<double>(millis) / 86'400'000.0;
  return SQLITE_OK;
}

}  // namespace

struct SqliteVfs::Installed {
  Context context;
  sqlite3_vfs vfs{};
  sqlite3_vfs* former;
};

SqliteVfs::SqliteVfs(Computer& computer) : installed_(std::make_unique<Installed>(Context{computer, {}})) {
  installed_->former = sqlite3_vfs_find(nullptr);
  CHECK(installed_->former != nullptr && std::string_view(installed_->former->zName) != vfs_name);
  sqlite3_vfs& vfs = installed_->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(VfsFile);
  vfs.mxPathname = 512;
  vfs.zName = vfs_name;
  vfs.pAppData = &installed_->context;
  vfs.xOpen = open;
  vfs.xDelete = remove;
  vfs.xAccess = access;
  vfs.xFullPathname = full_path;
  vfs.xRandomness = randomness;
  vfs.xSleep = sleep;
  vfs.xCurrentTime = current_time;
  vfs.xCurrentTimeInt64 = current_time_int64;
  CHECK(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
  sqlite3_randomness(0, nullptr);  // SQLite forgets its chance, and asks for a new seed
}

SqliteVfs::~SqliteVfs() {
  sqlite3_vfs_unregister(&installed_->vfs);
  sqlite3_vfs_register(installed_->former, 1);
  sqlite3_randomness(0, nullptr);
}

std::string SqliteVfs::name() const { return vfs_name; }

}  // namespace tidemark::sim
