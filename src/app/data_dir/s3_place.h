// A lake in S3.
#pragma once

#include <memory>

#include "app/data_dir/remote_place.h"

namespace tidemark {

std::unique_ptr<RemotePlace> make_s3_place(const S3Url& url, const RunOptions& options);

}  // namespace tidemark
