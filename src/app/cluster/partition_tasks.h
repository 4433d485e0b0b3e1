// Partition tasks: the roles on one partition of Kafka's log, for the workers of a group.
#pragma once

#include <memory>

#include "app/cluster/partition_workers.h"
#include "app/config/run_options.h"
#include "app/live/store_report.h"
#include "io/kafka/kafka_log.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/journal.h"
#include "run/interfaces/live.h"
#include "run/interfaces/store.h"

namespace tidemark {

// Opens a task: its state is restored, and its partition belongs to this process. All references outlive the task.
// `live` may be null.
Result<std::unique_ptr<PartitionTask>> open_analyze_task(const KafkaLogOptions& log, const RunOptions& options,
                                                         Journal& journal, LiveSink* live);
Result<std::unique_ptr<PartitionTask>> open_store_task(const KafkaLogOptions& log, const RunOptions& options,
                                                       Store& store, const Clock& clock, StoreReport& report);

}  // namespace tidemark
