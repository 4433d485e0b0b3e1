#include "app/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tidemark {
namespace {

constexpr std::array verbs{
    VerbText{"run", "bars in, exact trends out, live on a page", "[OPTIONS] [FILE...]",
             R"(Starts everything in this one process: the feed, the log, the engine, the lake
and the page at http://localhost:8050. Without an option it shows a simulated
market; over Kafka (--log kafka) it works on what others write, and a feed has to
be asked for. It can be ended and killed at any time; started again it goes on where
it was, without a gap and without a double. FILE... alone means --feed replay.

Ctrl-C publishes what is complete and ends with 0; a second one ends at once.)",
             R"(  tidemark run                                  a simulated market, two hours deep
  tidemark run --speed 1 --symbols AAPL,MSFT    two symbols in real time
  tidemark run monday.jsonl.gz tuesday.jsonl.gz
                                                replay two days, a market minute a second
  tidemark run --speed max --exit-at-end day.jsonl --data day
                                                fill a data directory, then end
  tidemark run --sort day.jsonl --data sorted   a file that is sorted by symbol
  tidemark run --console table                  trends in the terminal, too; json for a pipe
  producer | tidemark run --feed stdin          bars as they come
  tidemark run --address 0.0.0.0 --token-file ~/.tidemark-token
                                                for others in the network, who need the token
  tidemark run --log kafka://localhost:9092     on the bars that others write there
  tidemark run --log kafka://localhost:9092 --feed simulator
                                                and on simulated ones)"},
    VerbText{"ingest", "over Kafka: bars of a feed into the cluster", "[OPTIONS] [FILE...]",
             R"(Appends what a feed brings to the topic alpaca_trends, each bar in the partition of
its symbol, and remembers in the same transaction how far it has come. One process
for each feed: a second one of the same feed takes over from the first. Topics that
are not there yet are made.)",
             R"(  tidemark ingest --log kafka://localhost:9092 --feed simulator
  tidemark ingest --log kafka://localhost:9092 --speed max --exit-at-end day.jsonl
  producer | KAFKA_BROKER=localhost:9092 tidemark ingest --feed stdin)"},
    VerbText{"analyze", "over Kafka: bars to trends, a partition each", "[OPTIONS]",
             R"(Judges the bars of the partitions that its consumer group gives it, and writes
trends, judged bars, late bars and dead letters, its own state and how far it has
read, all in one transaction each time. It keeps nothing on this machine: whoever
gets a partition next goes on where the last one was, and who was believed dead and
is not is refused.)",
             R"(  tidemark analyze --log kafka://localhost:9092
  tidemark analyze --log kafka://localhost:9092 --instance desk-1
  tidemark analyze --log kafka://localhost:9092 --delivery at-least-once)"},
    VerbText{"store", "over Kafka: final trends and judged bars into the lake", "[OPTIONS]",
             R"(Writes what is final to the Parquet lake in the data directory, each row once,
whatever is killed meanwhile. Several share the partitions; they need the same
directory, on a file system that all of them see.)",
             R"(  tidemark store --log kafka://localhost:9092 --data /srv/tidemark)"},
    VerbText{"serve", "over Kafka: the page, the API and the metrics", "[OPTIONS]",
             R"(Reads the trends of all partitions and shows them as `tidemark run` does. It is in
no group and writes nothing, so any number of them show the same. SQL is answered
where the data directory with the lake can be seen.)",
             R"(  tidemark serve --log kafka://localhost:9092
  tidemark serve --log kafka://localhost:9092 --port 8051 --data /srv/tidemark)"},
    VerbText{"topics", "over Kafka: what is in the topics, and who has read how far", "[OPTIONS]",
             R"(Lists each topic and partition with its first and its next offset, and for those
who read it their position and how many offsets they have yet to go. Changes
nothing, and makes no topics.)",
             R"(  tidemark topics --log kafka://localhost:9092
  tidemark topics --log kafka://localhost:9092 --json | jq -s 'map(.lag // 0) | add')"},
    VerbText{"trends", "a Unix filter: bars as JSON lines in, trends as JSON lines out", "[OPTIONS] [FILE...|-]",
             R"(Reads bars, one JSON object a line, from files (one after the other) or standard
input, and writes the final trend of every window as soon as it closes. Messages
and answers of Alpaca, Polygon and Binance are read, too. It reads no configuration
file, holds only open windows, and the same input gives the same bytes. What is in
no trend is told in one line on standard error, with the cure.)",
             R"(  tidemark trends bars.jsonl.gz > trends.jsonl
  tidemark simulate --minutes 390 | tidemark trends --stats | tail -n 3
  zcat day/*.gz | tidemark trends --late late.jsonl --rejects rejects.jsonl
  tidemark trends --size 1h --slide 15m --delay 0s bars.jsonl
  tidemark trends --sort bars.jsonl             a file that is sorted by symbol
  tail -f bars.jsonl | tidemark trends --updates | jq -c '[.symbol,.status,.trend_signal]')"},
    VerbText{"simulate", "a simulated market as JSON lines", "[OPTIONS]",
             R"(Writes minute bars of a market that walks at random, one JSON object a line. The
same options give the same bytes on every machine. It is a demonstration and a
load, not a forecast.)",
             R"(  tidemark simulate | head -n 5
  tidemark simulate --symbols AAPL,MSFT --minutes 390 > day.jsonl
  tidemark simulate --symbols 1000 --minutes 3000 --shuffle 2m > bench.jsonl
                                                3 million bars out of order)"},
    VerbText{"alpaca-server", "a server that Alpaca's SDKs take for Alpaca", "[OPTIONS] [FILE...]",
             R"(Serves the stream (ws://HOST:PORT/v2/iex, /v1beta3/crypto/us) and the history
(http://HOST:PORT/v2/stocks/bars) that Alpaca's official SDKs ask for, over a
simulated market, recorded bars or a lake: to try a bot at night, and to see what
it does when the stream breaks. The same bars come by stream and by history. Keys
may be any on this machine. docs/alpaca-server.md has clients in Python and Go.)",
             R"(  tidemark alpaca-server                        a simulated market, in real time
  tidemark alpaca-server --speed 60 --start 2026-01-05T14:30:00Z
                                                a market minute a second
  tidemark alpaca-server monday.jsonl.gz --speed 60
                                                a recorded day once more
  tidemark alpaca-server --data tidemark-data --history 1d
                                                a lake, of which a day is past
  tidemark alpaca-server --drop-after 30s --corrections 5% --late 1%
                                                the weather as it can be)"},
    VerbText{"query", "one SQL question to the lake", "[OPTIONS] SQL|-",
             R"(Asks DuckDB over the lake of a data directory. Views: stock_trends (final trends),
bars (the latest of each symbol and timestamp), bars_all (every judged bar). It
takes no lock, so it may ask while `tidemark run` runs; it can only read.)",
             R"(  tidemark query "SELECT symbol, count(*) AS windows FROM stock_trends GROUP BY symbol"
  tidemark query "SELECT * FROM stock_trends ORDER BY window_end DESC LIMIT 10"
  tidemark query --format csv "FROM bars WHERE symbol = 'AAPL'" > aapl.csv
  tidemark query --format json - < question.sql | jq .)"},
    VerbText{"import", "history from files into the lake", "[OPTIONS] FILE...|-",
             R"(Takes bars from JSON lines, CSV and Parquet into the lake, all or none of them, and
makes the trends of the days they touch anew. Rows are judged like records: numbers
are exact, what is no bar is counted, kept with its reason, and named. What the lake
has already is not written again, so the same import twice changes nothing; of the
same bar twice the last counts. Files may be in any order of time and symbols. It
may run beside `tidemark run`.

Nothing is let in, with exit code 1 and the lines, where something looks lost: a
file of which no row, or less than 99 %, is a bar; rows that contradict one another
about the same bar; bars of another feed or interval than the lake has of the
symbol. A row that only knows less than the lake's bar is kept out.

Columns are found by the names that Alpaca, Polygon, Yahoo and Stooq give them; a
folder symbol=AAPL gives the symbol. Ctrl-C leaves nothing behind.)",
             R"(  tidemark import 2025/*.jsonl.gz
  tidemark import --symbol-from-name --time-zone America/New_York AAPL.csv MSFT.csv
  tidemark import --columns symbol=@SPY,timestamp=Date+Time,feed=@sip spy.txt
  tidemark import --strict --json history.parquet | jq .imported
  tidemark import --allow-rejects=5% --rejects bad.jsonl old.csv
                                                a file that is known to have holes
  tidemark import --symbol-from-name --feed iex --interval 1m AAPL.csv
                                                beside bars of a backfill
  tidemark import --overwrite-nulls --feed sip corrected.csv
                                                its bars win, though they have no vwap
  tidemark import --json hive/bars | jq -c '.files[] | [.name, .imported, .rejected]')"},
    VerbText{"backfill", "history from Alpaca into the lake", "[OPTIONS] --symbols A,B --from DATE --to DATE",
             R"(Fetches minute bars of the past from Alpaca, page by page and never more calls than
the plan allows, and imports them when all are there: bars into the lake, then the
trends of their days anew, never through the live stream. Pages are kept in
DIR/backfill until then, so whoever was stopped or killed goes on where he was: give
the same command again. Bars of a symbol come from one feed; a lake that has others
of those days is refused. It may run beside `tidemark run`.)",
             R"(  tidemark backfill --symbols AAPL,MSFT --from 2025-01-01 --to 2025-12-31
  tidemark backfill --symbols BTC/USD --feed crypto --from 2026-01-01 --to 2026-01-31
  tidemark backfill --symbols AAPL --adjustment split --data adjusted \
                    --from 2016-01-04 --to 2025-12-31)"},
    VerbText{"recompute", "a day's trends anew from the lake's bars", "[OPTIONS] --day DATE | --from DATE --to DATE",
             R"(Computes the trends of whole days once more from the bars of the lake: the latest of
each bar, late and corrected and imported ones too, in order of time. A row that
comes out the same keeps its revision, a changed one gets the next; the day is
replaced in one step, and a line says what changed. It may run beside
`tidemark run`, and is refused for days that the log is not done with.

The windows are those of the log; --size and --slide go before them.)",
             R"(  tidemark recompute --day 2026-11-20           after late bars or an import
  tidemark recompute --day 2026-11-20 --dry-run
                                                what would change
  tidemark recompute --from 2026-01-01 --to 2026-12-31 --json | jq -c 'select(.changed > 0)')"},
    VerbText{"redrive", "dead letters into the log again, after a fix", "[OPTIONS]",
             R"(Appends records that were rejected to the log's bars once more, where they are
judged like any other: after a fix of the program, or of the records, which --export
writes and --from-file takes back. Each is redriven once, whatever is killed
meanwhile; what is no bar even now stays where it is. Old bars come late: they
change no published trend until `tidemark recompute`, and the last lines say which
days that is for. It works beside `tidemark run`, or before the next one.)",
             R"(  tidemark redrive --dry-run                    what would go
  tidemark redrive --reason missing --field volume
  tidemark redrive --export letters.jsonl --reason wrong_type
  jq -c '.record |= (fromjson | .volume |= tonumber | tojson)' letters.jsonl |
    tidemark redrive --from-file -)"},
    VerbText{"watermark", "how far event time has come, and its lowering where it was wrong", "[OPTIONS]",
             R"(Says of a data directory its watermark, its newest bar, its largest heartbeat, and
which record moved the watermark so far that bars behind it came late. A watermark
that a wrong clock or a bar of the future has moved ahead makes every bar late until
time has come there. --lower-to moves it back by a record in the log, while no
process works on the directory. Windows open again where no final was given; a feed
of Alpaca's fetches their bars again. Finals that came too early stay until their
day is recomputed.)",
             R"(  tidemark watermark
  tidemark watermark --lower-to newest-bar
  tidemark watermark --lower-to 2026-11-22T14:30:00Z --data /var/lib/tidemark)"},
    VerbText{"compact", "the many files of a day become one", "[OPTIONS]",
             R"(Merges the files of days that are over, sorted by symbol and time. `tidemark run`
does so by itself an hour after a day's end (compact-after); this does it now,
beside a run or without one. Rows stay the same; a day becomes another in one step.
What a run may still publish again is left alone.)",
             R"(  tidemark compact
  tidemark compact --day 2026-11-20)"},
    VerbText{"symbols", "which symbols the feed brings, changed while it runs",
             "[OPTIONS] [list | add A,B | remove A,B | set A,B | reset]",
             R"(Says which symbols the feed brings, or changes them: on an instance that runs from
the next minute on, by its control socket, else from the next start on. What is
chosen so is kept in DIR/symbols and goes before the setting symbols until it is
reset. Windows of a symbol that was removed close like any other, and the page
keeps its rows. Only the simulator can be told; replay and stdin bring what their
input holds.)",
             R"(  tidemark symbols
  tidemark symbols add NVDA,AMD
  tidemark symbols remove TSLA --data /var/lib/tidemark
  tidemark symbols set AAPL,MSFT
  tidemark symbols reset)"},
    VerbText{"token", "tokens for those who may look, issued, rotated and revoked",
             "[OPTIONS] --file FILE issue | rotate | revoke NAME | list",
             R"(Writes the token file of a run (its setting token-file) in one step, and prints a
new token once, on standard output. A running instance notices within a second or
two, without a restart: whoever came with a token that is gone or has expired is
said goodbye. A line of the file is TOKEN [NAME] [since TIME] [until TIME]; it may
be written by hand, too.)",
             R"(  tidemark token issue --file /etc/tidemark/token --name desk --valid 90d
  tidemark token rotate --file /etc/tidemark/token --overlap 24h
  tidemark token revoke desk --file /etc/tidemark/token
  tidemark token list --file /etc/tidemark/token)"},
    VerbText{"doctor", "is everything there that a run needs, and which settings hold", "[OPTIONS] [FILE...]",
             R"(Prints every setting with its value and where that comes from (secrets as ***),
then tries what a run depends on. It takes the options of `tidemark run`, so put
doctor in the place of run to see what that run would find. Changes nothing.)",
             R"(  tidemark doctor
  tidemark doctor --data /srv/tidemark --port 8051
  tidemark doctor --json | jq '.checks[] | select(.state != "ok")')"},
    VerbText{"verify", "is everything in a data directory what was written", "[OPTIONS]",
             R"(Goes through the log record by record and through the lake to the last page of every
file, and looks whether each row that the log has published and still holds is in
the lake, exactly once. Names what is damaged, with the cure. Only reads, and does
so beside a run, too; what must not be read, --set-aside moves away, so that
questions are answered again, and --repair makes again what can be made.)",
             R"(  tidemark verify
  tidemark verify --day 2026-11-20
  tidemark verify --repair
  tidemark verify --json | jq -r '.damaged[] | [.where, .what] | @tsv')"},
    VerbText{"backup", "a whole copy of a data directory, while a run works on it", "[OPTIONS] DIR",
             R"(Copies the log as it is at one moment, and of the lake what was published by then;
what came since is in that log, and will be published from it. On the same file
system the lake's files become hard links, which cost nothing and are never
changed; against a dying disk take another one, or --copy. Every file is read
and its CRC-32 goes into DIR/MANIFEST, which is written last: a folder without
it is no backup. Waits while a day is compacted, recomputed or imported.)",
             R"(  tidemark backup /mnt/backup/$(date +%F)
  tidemark backup --data /var/lib/tidemark /mnt/backup/monday
  tidemark restore --check /mnt/backup/monday      is it whole, still)"},
    VerbText{"restore", "a data directory from a backup, proved whole", "[OPTIONS] DIR",
             R"(Copies the backup DIR into a new data directory, compares the CRC-32 of every file,
and only then gives it its name. `tidemark run` goes on there where the backup was
made: what the feed can bring again is counted once, and nothing is there twice.
Nothing is written over: the data directory must be new or empty.)",
             R"(  tidemark restore /mnt/backup/monday --data /var/lib/tidemark
  tidemark restore --check /mnt/backup/monday)"},
    VerbText{"version", "version, compiler and libraries", "[OPTIONS]",
             "Says what this program was built from and with.",
             R"(  tidemark version
  tidemark version --json | jq -r .version)"},
    VerbText{"help", "this, or the help of a verb", "[VERB]", "The same as VERB --help.",
             R"(  tidemark help
  tidemark help run)"},
};

}  // namespace

// app/exit_code.h in words.
const std::string_view exit_code_text = R"(Exit codes:
  0    done, or ended by the first Ctrl-C with all that was complete published
  1    the world failed it: disk full, damaged file; doctor, verify: something is wrong;
       import: something looks lost, and nothing is let in
  2    wrong usage or setting; the message names it and the cure
  3    another process works on the data directory; the message has its pid
  130  ended at once by the second Ctrl-C
  141  whoever read the output has gone (as in `tidemark simulate | head`)
)";

std::span<const VerbText> verb_texts() { return verbs; }

const VerbText* find_verb(std::string_view name) {
  for (const VerbText& verb : verbs) {
    if (verb.name == name) return &verb;
  }
  return nullptr;
}

std::string beside(std::string left, std::string_view text) {
  constexpr std::size_t help_width = 80;
  std::string out = std::move(left);
  std::size_t column = out.size();
  if (column + 2 > help_column) out += '\n', column = 0;
  out.append(help_column - column, ' ');
  column = help_column;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (column > help_column && column + 1 + word.size() > help_width) {
      out += '\n';
      out.append(help_column, ' ');
      column = help_column;
    }
    if (column > help_column) out += ' ', ++column;
    out += word;
    column += word.size();
  }
  return out + '\n';
}

std::string overview() {
  std::string text = "Tidemark: bars in, exact trends out, live on a page.\n\nUsage: tidemark VERB [OPTIONS]\n\n";
  for (const VerbText& verb : verbs) text += fmt::format("  {:<15}{}\n", verb.name, verb.summary);
  text +=
      "\nStart with:\n"
      "  tidemark run                 then look at http://localhost:8050\n"
      "  tidemark VERB --help         everything about a verb, with examples\n\n";
  text += exit_code_text;
  return text;
}

}  // namespace tidemark
