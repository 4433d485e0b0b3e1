// S3Disk: a Disk whose files are the objects of a bucket, over Arrow's S3 file system. Paths are s3://BUCKET/KEY.
//
//     create ─▶ append … ─▶ sync     the upload's completion makes the object visible, whole, and durable
//
// S3 has no folders: one is there as long as an object has its name for a prefix, and none has to be made. It neither renames
// nor links. A file that is replaced or removed cannot be read any more, even if it is open. A process that is killed in the
// midst of a large upload leaves parts that no reader sees (docs/s3.md says how the bucket forgets them).
#pragma once

#include <memory>
#include <string>

#include "io/s3/s3_access.h"
#include "run/interfaces/disk.h"

namespace tidemark {

// `locks` takes the locks: processes that work on one lake share a folder of this machine, the data directory. Outlives
// the disk that is made. Nothing is asked of the server before the first call. Errors are retryable, name the path and the
// cure; no key stands in them.
std::unique_ptr<Disk> make_s3_disk(const S3Access& access, std::string bucket, Disk& locks, std::string lock_folder);

// Writes an object into the folder (s3://BUCKET/PREFIX), reads it, lists it and removes it: the rights that a lake needs.
// Error::setup tells what is wrong and the cure; other errors (no server, a busy one) are none of the settings.
Result<void> probe_s3(Disk& disk, const std::string& folder);

}  // namespace tidemark
