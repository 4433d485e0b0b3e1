#include "core/pipeline/left_out.h"

#include <utility>

#include "core/transcribe/shape.h"

namespace tidemark {

void LeftOut::rejected(const Reject& reject, const Source& at, std::string_view record) {
  if (++rejected_count == 1)
    first_rejected = First{.source = std::string(at.name),
                           .position = at.position,
                           .reason = reject.reason,
                           .field = std::string(reject.field),
                           .hint = hint_for(reject, record)};
}

void LeftOut::late(const Source& at) {
  if (++late_count == 1)
    first_late = First{.source = std::string(at.name), .position = at.position, .field = {}, .hint = {}};
}

void LeftOut::add(LeftOut later) {
  if (!first_rejected) first_rejected = std::move(later.first_rejected);
  if (!first_late) first_late = std::move(later.first_late);
  if (later.jump) jump = std::move(later.jump);
  rejected_count += later.rejected_count;
  late_count += later.late_count;
}

std::string place_of(const LeftOut::First& first) { return first.source + ':' + std::to_string(first.position); }

std::string reason_of(const LeftOut::First& first) {
  std::string text(to_string(first.reason));
  if (!first.field.empty()) text += ' ' + first.field;
  return text;
}

}  // namespace tidemark
