// Arrow's S3 file system, which is a library of its own (libarrow_s3): loaded when the first lake in S3 is opened, so that a
// program without one neither loads nor needs it.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "io/s3/s3_access.h"

namespace arrow::fs {
class FileSystem;
}

namespace tidemark {

// For objects of this bucket. A request that fails is sent again twice, within a second; then the error is the caller's.
// Without the library, or with settings that cannot hold: Error::setup. Without a region it may ask Amazon for it:
// Error::retryable. From any thread.
Result<std::shared_ptr<arrow::fs::FileSystem>> open_s3(const S3Access& access, const std::string& bucket);

}  // namespace tidemark
