// Verbs: what the program can do. One function a verb; each returns an exit code (app/exit_code.h) and
// has already said on standard error why it is not 0.
#pragma once

#include "app/options.h"

namespace tidemark {

struct AlpacaServerVerbOptions;
struct DoctorOptions;

int run_verb(const RunOptions& options);
int fleet_verb(Part part, const RunOptions& options);  // over Kafka
int topics_verb(const TopicsVerbOptions& options);
int trends_verb(const TrendsOptions& options);
int simulate_verb(const SimulateOptions& options);
int alpaca_server_verb(const AlpacaServerVerbOptions& options);
int query_verb(const QueryOptions& options);
int compact_verb(const CompactVerbOptions& options);
int watermark_verb(const WatermarkVerbOptions& options);
int import_verb(const ImportOptions& options);
int backfill_verb(BackfillOptions options);
int recompute_verb(const RecomputeVerbOptions& options);
int redrive_verb(const RedriveVerbOptions& options);
int symbols_verb(const SymbolsVerbOptions& options);
int token_verb(const TokenVerbOptions& options);
int doctor_verb(const DoctorOptions& options);
int verify_verb(const VerifyOptions& options);
int backup_verb(const BackupOptions& options);
int restore_verb(const RestoreOptions& options);

enum class VersionFormat : std::uint8_t { Text, Json };
int version_verb(VersionFormat format);

}  // namespace tidemark
