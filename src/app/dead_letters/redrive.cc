#include "app/dead_letters/redrive.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/configuration.h"
#include "app/config/value_text.h"
#include "app/data_dir/stale_days.h"
#include "app/dead_letters/dead_letter_tally.h"
#include "app/dead_letters/mended_dead_letters.h"
#include "app/dead_letters/redrive_target.h"
#include "app/process/exit_code.h"
#include "app/process/output_file.h"
#include "app/process/progress.h"
#include "app/process/signals.h"
#include "app/process/tell.h"
#include "io/disk/directory_lock.h"
#include "io/embedded/embedded_log.h"
#include "run/dead_letters/dead_letters.h"
#include "run/dead_letters/redrive.h"

namespace tidemark {
namespace {

// The most records in one step of the log, or in one request to a running process.
constexpr std::size_t most_records = 2'000, bytes_a_flush = 512 * 1'024;

// A dead letter to redrive, and the record to append in its place.
struct Candidate {
  Position offset = 0;
  DeadLetterReason why;
  std::string record;
  bool is_cut = false;
  std::size_t line = 0;  // of the file with mended dead letters, if there is one
};

class RedriveVerb {
 public:
  explicit RedriveVerb(const RedriveVerbOptions& options) : options_(options) {}

  int exit_code(const Error& error) const { return is_in_use_ ? exit_in_use : exit_code_of(error); }

  Result<int> run() {
    auto log = open_embedded_log({.directory = options_.data.string(), .read_only = true});
    if (!log) return std::unexpected(log.error());
    log_ = std::move(*log);
    // Dead letters that arrive meanwhile, perhaps caused by this redrive, are left for the next one.
    const auto end = log_->end(Topic::DeadLetters);
    if (!end) return std::unexpected(end.error());
    choice_ = options_.choice;
    choice_.to = std::min(choice_.to, *end);
    if (options_.export_to) return export_letters();
    if (options_.mended)
      if (auto read = read_mended(); !read) return std::unexpected(read.error());
    if (options_.again && !options_.dry_run)
      if (auto forgotten = forget(); !forgotten) return std::unexpected(forgotten.error());
    if (auto redriven = redrive(); !redriven) return std::unexpected(redriven.error());
    return tell();
  }

 private:
  Result<int> export_letters() {
    auto file = OutputFile::open(*options_.export_to == "-" ? std::nullopt : options_.export_to);
    if (!file) return std::unexpected(file.error());
    RedrivenLetters redriven(*log_);
    std::uint64_t count = 0;
    auto read = each_chosen([&](const NumberedDeadLetter& letter) -> Result<void> {
      const auto before = redriven.contains(letter.offset);
      if (!before) return std::unexpected(before.error());
      if (*before && !options_.again) return {};
      ++count;
      file->buffer() += letter.json;
      file->buffer() += '\n';
      return file->flush_if_full();
    });
    if (read) read = file->finish();
    if (!read) return std::unexpected(read.error());
    tell_of("redrive", "{} dead letters exported", count);
    return exit_ok;
  }

  Result<void> read_mended() {
    auto mended = read_mended_letters(*options_.mended, *log_);
    if (!mended) return std::unexpected(mended.error());
    mended_ = std::move(*mended);
    return {};
  }

  template <typename Take>
  Result<void> each_chosen(Take take) {
    for (Position from = choice_.from; !stop_requested();) {
      const auto batch = read_letters(*log_, choice_, from);
      if (!batch) return std::unexpected(batch.error());
      if (!*batch) return {};
      for (const NumberedDeadLetter& letter : (*batch)->chosen)
        if (auto taken = take(letter); !taken) return taken;
      from = (*batch)->next;
    }
    return {};
  }

  // In the order of the dead letters.
  template <typename Take>
  Result<void> each_candidate(Take take) {
    if (!options_.mended)
      return each_chosen([&](const NumberedDeadLetter& letter) {
        return take(Candidate{.offset = letter.offset,
                              .why = {letter.said.reason, letter.said.field},
                              .record = letter.said.record,
                              .is_cut = letter.said.bytes_in_all.has_value()});
      });
    for (const MendedDeadLetter& letter : mended_) {
      if (stop_requested()) return {};
      if (auto taken = take(Candidate{letter.offset, letter.why, letter.record, letter.is_cut, letter.line}); !taken)
        return taken;
    }
    return {};
  }

  // First removes the marks of earlier redrives. Then each dead letter is redriven once, whatever is killed meanwhile.
  Result<void> forget() {
    std::vector<Position> letters;
    RedrivenLetters redriven(*log_);
    const auto flush = [&]() -> Result<void> {
      if (letters.empty()) return {};
      if (auto opened = open_target(); !opened) return opened;
      const auto forgotten = target_->forget(letters);
      letters.clear();
      return forgotten;
    };
    auto done = each_candidate([&](const Candidate& candidate) -> Result<void> {
      const auto before = redriven.contains(candidate.offset);
      if (!before) return std::unexpected(before.error());
      if (!*before || candidate.is_cut || std::holds_alternative<Reject>(decoder_.decode(candidate.record))) return {};
      letters.push_back(candidate.offset);
      return letters.size() < most_records ? Result<void>() : flush();
    });
    return done ? flush() : done;
  }

  Result<void> redrive() {
    RedrivenLetters redriven(*log_);
    Progress progress("dead letters",
                      options_.mended ? mended_.size()
                                      : static_cast<std::uint64_t>(std::max<Position>(choice_.to - choice_.from, 0)));
    std::uint64_t seen = 0;
    auto done = each_candidate([&](const Candidate& candidate) -> Result<void> {
      progress.advance_to(options_.mended ? ++seen : static_cast<std::uint64_t>(candidate.offset - choice_.from));
      const auto before = redriven.contains(candidate.offset);
      if (!before) return std::unexpected(before.error());
      return consider(candidate, *before && !options_.again);
    });
    return done ? flush() : done;
  }

  Result<void> consider(const Candidate& candidate, bool was_redriven) {
    if (was_redriven) return tally_.count_before(candidate.why), Result<void>();
    if (candidate.is_cut) return tally_.count_cut(candidate.why), Result<void>();
    const Decoded decoded = decoder_.decode(candidate.record);
    if (!tally_.count(candidate.why, decoded)) {
      if (options_.mended) note_unmended(candidate, std::get<Reject>(decoded));
      return {};
    }
    if (options_.dry_run) return {};
    bytes_ += candidate.record.size();
    records_.push_back({candidate.offset, candidate.record});
    return records_.size() < most_records && bytes_ < bytes_a_flush ? Result<void>() : flush();
  }

  void note_unmended(const Candidate& candidate, const Reject& reject) {
    constexpr std::size_t most_told = 10;
    if (++unmended_ == most_told + 1) tell_of("redrive", "and more of them");
    if (unmended_ > most_told) return;
    tell_of("redrive", "{}, line {}: still no bar: {}", *options_.mended, candidate.line,
            DeadLetterReason{reject.reason, std::string(reject.field)}.text());
  }

  Result<void> flush() {
    if (records_.empty()) return {};
    if (auto opened = open_target(); !opened) return opened;
    const auto redriven = target_->append(records_);
    if (!redriven) return std::unexpected(redriven.error());
    redriven_ += redriven->appended;
    records_.clear();
    bytes_ = 0;
    return {};
  }

  Result<void> open_target() {
    if (target_) return {};
    auto target = open_redrive_target(options_.data);
    if (!target) {
      is_in_use_ = directory_owner(options_.data).has_value();
      return std::unexpected(target.error());
    }
    target_ = std::move(*target);
    return {};
  }

  Result<int> tell() {
    const auto behind = StaleDays::look(*log_, tally_.days());
    if (!behind) return std::unexpected(behind.error());
    if (options_.json)
      tell_json(*behind);
    else
      tell_people(*behind);
    std::fflush(stdout);
    if (!stop_requested()) return exit_ok;
    tell_of("redrive", "stopped; the same command{} goes on with the others", options_.again ? " without --again" : "");
    return exit_interrupted;
  }

  void tell_json(const StaleDays& behind) const {
    const DeadLetterCounts sum = tally_.sum();
    fmt::print(R"({{"letters":{},"redriven":{},"redriven_before":{},"bars":{},"heartbeats":{},"still_rejected":{},)"
               R"("cut":{},"dry_run":{},"reasons":{},"recompute":{}}})"
               "\n",
               sum.letters, redriven_, sum.before, sum.bars, sum.heartbeats, sum.rejected, sum.cut, options_.dry_run,
               tally_.json(), behind.json());
  }

  void tell_people(const StaleDays& behind) const {
    const DeadLetterCounts sum = tally_.sum();
    if (options_.dry_run && sum.letters > 0) fmt::print("{}", tally_.table());
    const std::uint64_t going = sum.bars + sum.heartbeats;
    std::string rest;
    const auto add = [&](std::uint64_t count, std::string_view what) {
      if (count > 0) rest += fmt::format("{}{} {}", rest.empty() ? "" : ", ", count, what);
    };
    add(sum.before, "redriven before");
    add(sum.rejected, "no bars yet");
    if (sum.rejected > 0) rest += fmt::format(" ({})", list_of(tally_.still_rejected()));
    add(sum.cut, "cut short");
    if (!rest.empty()) rest = "; " + rest;
    if (going == 0)
      fmt::print("nothing to redrive: {} dead letters{}\n", sum.letters, rest);
    else if (options_.dry_run)
      fmt::print("{} of {} dead letters would be redriven{}\n", going, sum.letters, rest);
    else
      fmt::print("{} of {} dead letters redriven{}; {}\n", redriven_, sum.letters, rest, target_->judged_by());
    fmt::print("{}", behind.text());
  }

  const RedriveVerbOptions& options_;
  std::unique_ptr<RedriveTarget> target_;  // opened when there is something to append
  std::unique_ptr<Log> log_;               // read only
  DeadLetterChoice choice_;
  std::vector<MendedDeadLetter> mended_;
  Decoder decoder_;
  DeadLetterTally tally_;
  std::vector<ReturningRecord> records_;
  std::size_t bytes_ = 0;  // of them
  std::uint64_t redriven_ = 0, unmended_ = 0;
  bool is_in_use_ = false;
};

int perform(const RedriveVerbOptions& options) {
  watch_stop_signals();
  RedriveVerb verb(options);
  const auto done = verb.run();
  if (done) return *done;
  tell("redrive", done.error().message());
  return verb.exit_code(done.error());
}

int perform(RedriveRequest& request) {
  const auto run = complete(request.options, request.run);
  if (!run) return run.error();
  return perform(request.options);
}

Result<Command> parse_redrive(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  RedriveRequest request;
  RedriveVerbOptions& options = request.options;
  DeadLetterChoice& choice = options.choice;
  std::optional<std::uint64_t> from, to;
  SettingFlags flags;
  const auto offset = [](const std::string& text) { return read_whole_number(text, 0, std::uint64_t{1} << 62); };
  verb.heading("Which dead letters, of those that were not redriven yet");
  verb.value("reason", "R,...", "", "only those rejected for one of these reasons", choice.reasons, read_reasons);
  verb.value("field", "F,...", "", "only those where one of these fields is to blame", choice.fields, read_fields);
  verb.value("from", "OFFSET", "", "from this offset in alpaca_dead_letters on", from, offset);
  verb.value("to", "OFFSET", "", "up to this one, included", to, offset);
  verb.value("since", "TIME", "", "only those that came then or later: a date or a time, UTC", choice.since, read_time);
  verb.toggle("again", "also those that were redriven already", [&](bool on) { options.again = on; });
  verb.heading("Records that were mended");
  verb.value("export", "FILE|-", "", "write the chosen ones, one JSON object a line, and redrive nothing",
             [&](const std::string& text) { options.export_to = text; });
  verb.value("from-file", "FILE|-", "", "redrive these instead: exported ones whose record was mended",
             [&](const std::string& text) { options.mended = text; });
  verb.heading("What is done");
  verb.toggle("dry-run", "only say what would go, and what a judge says about each by now",
              [&](bool on) { options.dry_run = on; });
  verb.toggle("json", "one JSON object instead of lines for eyes", [&](bool on) { options.json = on; });
  flags.add_existing_data(verb);
  return parse_words(verb, words, [&]() -> Result<Command> {
    const bool chooses = from || to || choice.since || !choice.reasons.empty() || !choice.fields.empty();
    if (from) choice.from = static_cast<Position>(*from);
    if (to) choice.to = static_cast<Position>(*to) + 1;
    if (choice.to <= choice.from) return verb.failed("--to lies before --from");
    if (options.mended && chooses) return verb.failed("--from-file says which: nothing else can choose");
    if (options.export_to && (options.mended || options.dry_run || options.json))
      return verb.failed("--export does nothing else: it goes with --again and what chooses");
    request.run = flags.take();
    return Command(std::move(request), perform);
  });
}

}  // namespace

extern const VerbSpec redrive_verb{
    .name = "redrive",
    .summary = "append dead letters to the log again, after a fix",
    .usage = "[OPTIONS]",
    .about = R"(Appends records that were rejected to the log's bars once more, where they are
judged like any other: after a fix of the program, or of the records, which --export
writes and --from-file takes back. Each is redriven once, whatever is killed
meanwhile; what is no bar even now stays where it is. Old bars come late: they
change no published trend until `tidemark recompute`, and the last lines say which
days that is for. It works beside `tidemark run`, or before the next one.)",
    .examples = R"(  tidemark redrive --dry-run                    what would go
  tidemark redrive --reason missing --field volume
  tidemark redrive --export letters.jsonl --reason wrong_type
  jq -c '.record |= (fromjson | .volume |= tonumber | tojson)' letters.jsonl |
    tidemark redrive --from-file -)",
    .parse = parse_redrive};

}  // namespace tidemark
