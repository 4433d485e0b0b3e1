// LakeAddress: the address of a lake that is no folder of this machine, as the setting lake says it.
//
//     webhdfs://[USER@]HOST[:PORT][,HOST[:PORT]…]/FOLDER     a folder of HDFS
//     s3://BUCKET[/PREFIX]                                   a prefix in a bucket of S3
//
// A further kind of store is one line in lake_address.cc, a member of the variant, and its place in app/data_dir.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "core/result.h"
#include "io/hdfs/hdfs_url.h"
#include "io/s3/s3_url.h"

namespace tidemark {

using LakeAddress = std::variant<HdfsUrl, S3Url>;

// Error::setup says what is wrong with it.
Result<LakeAddress> parse_lake_address(std::string_view text);

// What an address may look like, as the end of a sentence.
std::string lake_address_forms();

// As parse_lake_address reads it: without what is no part of the place, as a user.
std::string to_text(const LakeAddress& address);

}  // namespace tidemark
