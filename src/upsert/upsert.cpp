#include "pipeline/upsert/upsert.h"

#include "pipeline/base/interrupt.h"
#include "pipeline/base/log.h"
#include "pipeline/sheet/excerpt.h"
#include "pipeline/upsert/row_merge.h"
#include "pipeline/upsert/row_parser.h"

#include "batch.h"
#include "batch_writer.h"
#include "column_survey.h"
#include "product_columns.h"
#include "reading.h"
#include "rejects.h"
#include "row_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

namespace pipeline::upsert {
namespace {

using sheet::ByteSource;
using sheet::RowReader;

// A transaction of huge rows ends early, so that memory does not follow --batch-size.
constexpr std::size_t kBatchBytes = 16 << 20;
// Rows from a pipe that trickles, or has fallen silent, are not held back longer.
constexpr auto kLongestWait = std::chrono::seconds(1);

// The first of them, for a message.
std::string shown_names(std::span<const UnknownColumn> columns) {
  constexpr std::size_t kNames = 20;
  constexpr std::size_t kColumns = 40;
  std::string shown;
  for (const auto& column : columns.first(std::min(columns.size(), kNames))) {
    shown += fmt::format("{}{}", shown.empty() ? "" : ", ", sheet::excerpt(column.name, kColumns));
    if (!column.likely_name.empty()) shown += fmt::format(" (did you mean {}?)", column.likely_name);
  }
  if (columns.size() > kNames) shown += fmt::format(" and {} more", columns.size() - kNames);
  return shown;
}

// Batches to fill, which come back when they are written. There are as many as the worker's queue lets be under way.
class BatchPool {
 public:
  Batch& take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) {
      all_.push_back(std::make_unique<Batch>());
      return *all_.back();
    }
    Batch& batch = *free_.back();
    free_.pop_back();
    return batch;
  }
  void give(Batch& batch) {
    batch.clear();
    const std::lock_guard lock(mutex_);
    free_.push_back(&batch);
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Batch>> all_;  // under mutex_
  std::vector<Batch*> free_;                 // under mutex_
};

// The reading side of one run.
class Run {
 public:
  Run(const Options& options, const Inputs& inputs, const Services& services)
      : options_(options),
        inputs_(inputs),
        services_(services),
        rejects_(options.rejects, services.metrics),
        writer_(options, services, rejects_),
        parser_(options.source, says_of(options)),
        read_(services.metrics.timer("rows_read_seconds")),
        parse_(services.metrics.timer("rows_parse_seconds")),
        rows_total_(services.metrics.counter("rows_read_total")) {}

  void run() {
    for (const auto& input : inputs_)
      if (!stopped()) read(*input);
    services_.worker.drain();
    if (options_.complete) look_for_removals();
    tell_idle_rules();
    rejects_.commit();
  }

  // The run failed; what was rejected until then is kept all the same.
  void give_up() noexcept {
    services_.worker.cancel();
    forbid_removals("the run failed");
    try {
      rejects_.commit();
    } catch (const std::exception& e) {
      log::error("the reject file is lost: {}", e.what());
    }
  }

  void sum_up(Summary& summary) const {
    summary.rows_read = rows_read_;
    summary.inserted = writer_.counts().inserted;
    summary.updated = writer_.counts().updated;
    summary.unchanged = writer_.counts().unchanged;
    summary.superseded = writer_.counts().superseded;
    summary.rejected = rejects_.rows();
    summary.rows_empty = rows_empty_;
    summary.unknown_columns = unknown_columns_;
    summary.readings = readings_;
    summary.removed = writer_.counts().removed;
    summary.removal_note = removal_note_;
    summary.held_back = held_back_;
    summary.files_failed = files_failed_;
    summary.bytes_read = bytes_read();
    summary.failures = rejects_.failures();
    if (summary.rejected > 0 || files_failed_ > 0 || !removal_note_.empty() || held_back_)
      summary.code = ExitCode::partial;
    if (const int signal = services_.interrupted(); signal != 0) {
      summary.code = exit_code_of_signal(signal);
      summary.stop_reason = word_of_signal(signal);
    }
  }

 private:
  [[nodiscard]] bool stopped() const { return services_.interrupted() != 0; }

  // Only what was read whole, and could be used whole, shows what is no longer there.
  void look_for_removals() {
    if (stopped()) forbid_removals("the run was interrupted");
    if (files_failed_ > 0) forbid_removals("an input could not be read to its end");
    if (rejects_.rows() > 0) forbid_removals("rows were rejected");
    if (!writer_.has_seen_source()) forbid_removals(fmt::format("no row is of {}", options_.source));
    if (!removal_note_.empty()) return log::error("removals are not looked for: {}", removal_note_);
    services_.worker.post([this] { held_back_ = writer_.remove_absent(); });
    services_.worker.drain();
    if (held_back_) log::error("removals held back: {}", removal_text(*held_back_));
  }

  void forbid_removals(std::string why) {
    if (options_.complete && removal_note_.empty()) removal_note_ = std::move(why);
  }

  void read(ByteSource& input) {
    ProductColumns columns(options_.columns);
    RowNames names(options_.columns);
    const std::unique_ptr<RowReader> rows =
        sheet::open_rows(input, options_.layout, columns, [&](std::string_view piece, bool last) {
          services_.worker.drain();  // so that nobody else writes a rejected row in between
          rejects_.add_piece(input.name(), rows->header(), piece, last);
        });
    bool understood = false;
    spellings_told_ = false;
    const std::int64_t rows_before = rows_read_;
    const std::int64_t failed_before = files_failed_;
    for (bool more = true; more && !stopped();) {
      Batch& batch = pool_.take();
      more = fill(batch, {*rows, columns, names}, input);
      batch.belongs_to(input.name(), rows->header());
      if (!understood && (!batch.empty() || !more) && files_failed_ == failed_before) {
        understood = true;
        const ProductColumns& understood_as = names.first() != nullptr ? *names.first() : columns;
        tell_reading(batch, *rows, understood_as);
        note_rules_used(understood_as);
        has_json_ |= !columns.taken();
        if (!take_columns(batch, columns, names)) return pool_.give(batch);
      }
      hand_over(batch);
      report();
    }
    if (stopped() || files_failed_ > failed_before) return;
    if (rows->may_be_cut()) {
      log::warn(
          "{}: its last line has fewer fields than the header, and no line end: was the file cut? The line was "
          "taken as it stands; if a value in it is cut as well, feed the whole file",
          input.name());
      forbid_removals(fmt::format("{} may have been cut within its last line", input.name()));
    }
    if (rows_read_ == rows_before) {
      log::warn("{}: has no rows", input.name());
      forbid_removals(fmt::format("{} has no rows", input.name()));
    }
    if (input.size() > 0 && input.size() != input.bytes_read())
      forbid_removals(fmt::format("{} changed while it was read", input.name()));
  }

  // What the file was understood as, before anything of it is written.
  void tell_reading(const Batch& batch, const RowReader& rows, const ProductColumns& columns) {
    FileReading reading = reading_of(batch.file(), rows.reading(), columns);
    log::info("{}: {}", batch.file(), reading_text(reading));
    const auto* kind = columns.kind();
    const bool names_source = std::ranges::any_of(reading.columns, [](const auto& c) { return c.field == "source"; });
    if (kind != nullptr && !kind->source.empty() && options_.source == kOwnStore && !names_source)
      log::warn("{}: its products are taken as those of {}; if they are not, say so: --source {}", batch.file(),
                options_.source, kind->source);
    if (options_.dry_run) {
      services_.worker.drain();  // what is planned of the file before is said first
      batch.sample(parser_, reading.samples);
      services_.on_reading(reading);
    }
    readings_.push_back(std::move(reading));
  }

  void note_rules_used(const ProductColumns& columns) {
    for (const auto& column : columns.told()) names_seen_.insert(catalogue::header_key(column.name));
  }

  // A --map that stands on the command line is meant for a column that is there. Keys of JSON rows may come late.
  void tell_idle_rules() const {
    if (!options_.tells_idle_rules || files_failed_ > 0 || has_json_) return;
    for (const ColumnRules::Rule& rule : options_.columns.map)
      if (!names_seen_.contains(catalogue::header_key(rule.name)))
        log::warn("--map {}: no file has a column of that name, so it changed nothing", rule.name);
  }

  // Tells the columns that are not known. False: nothing else is there, and the file is refused.
  bool take_columns(const Batch& batch, const ProductColumns& table, const RowNames& names_of_rows) {
    const std::string& file = batch.file();
    std::vector<std::string> expected = table.known_without_column();
    expected.insert(expected.end(), names_of_rows.known_without_column().begin(),
                    names_of_rows.known_without_column().end());
    ColumnSurvey columns;
    columns.expect(std::move(expected));
    batch.survey(columns);
    const std::size_t told = unknown_columns_.size();
    for (const std::string& name : columns.unknown())
      unknown_columns_.push_back({file, name, columns.likely_name(name)});
    const std::string names = shown_names(std::span(unknown_columns_).subspan(told));
    if (columns.only_sku_is_known() && !options_.only_known) {
      rejects_.add_file(file, fmt::format("cannot read {}: it says nothing of its products that is known but `sku`{}; "
                                          "name its columns as docs/commands.md lists them (name, sale_price, "
                                          "stock_quantity, ...) or say what they are with --map COLUMN=FIELD; or say "
                                          "with --only-known that it is meant so",
                                          file, names.empty() ? "" : "; not known: " + names));
      ++files_failed_;
      return false;
    }
    if (!names.empty()) log::warn("{}: columns that are not known stay in raw_json alone: {}", file, names);
    return true;
  }

  // One file's rows, and what they are understood by.
  struct Rows {
    RowReader& reader;
    const ProductColumns& columns;
    RowNames& names;
  };

  // False: the input is at its end.
  bool fill(Batch& batch, const Rows& rows, const ByteSource& input) {
    const auto timed = services_.metrics.time(read_);
    const SteadyTime started = services_.clock.now();
    while (batch.size() < static_cast<std::size_t>(options_.batch_size) && batch.bytes() < kBatchBytes) {
      switch (next(rows.reader, input)) {
        case RowReader::Got::row:
          add(batch, rows, input);
          if (input.size() == 0 && is_late(started)) return true;
          break;
        case RowReader::Got::rejected:
          batch.add_rejected(row_);
          break;
        case RowReader::Got::empty:
          ++rows_empty_;
          break;
        case RowReader::Got::nothing_yet:
          if (stopped() || (!batch.empty() && is_late(started))) return true;
          break;
        case RowReader::Got::end:
          return false;
      }
    }
    return true;
  }

  // A record has the table's names already.
  void add(Batch& batch, const Rows& rows, const ByteSource& input) {
    if (rows.columns.taken()) return batch.add(row_);
    row_.error = rows.names.apply(row_.json);
    row_.error.empty() ? batch.add(row_, rows.names.plain_sku()) : batch.add_rejected(row_);
    for (const std::string& note : rows.names.take_notes()) log::warn("{}: {}", input.name(), note);
  }

  [[nodiscard]] bool is_late(SteadyTime started) const { return services_.clock.now() - started >= kLongestWait; }

  // An input that can't be read further is named, and the run goes on with the next.
  RowReader::Got next(RowReader& rows, const ByteSource& input) {
    try {
      return rows.next(row_);
    } catch (const Error& e) {
      rejects_.add_file(input.name(), e.what());
      ++files_failed_;
      return RowReader::Got::end;
    }
  }

  void hand_over(Batch& batch) {
    if (batch.empty()) return pool_.give(batch);
    rows_read_ += static_cast<std::int64_t>(batch.size());
    rows_total_.add(batch.size());
    if (++batches_ == 2 && !writer_.wants_parsed_rows()) services_.worker.drain();  // for the first verdict
    if (writer_.wants_parsed_rows()) {
      const auto timed = services_.metrics.time(parse_);
      batch.parse(parser_);
    }
    const Batch::Order& order = batch.order(parser_, options_.replace ? nullptr : &merge_);
    if (!order.spellings.empty() && !spellings_told_) {
      log::warn("{}: {}; further ones are not told", batch.file(), order.spellings);
      spellings_told_ = true;
    }
    for (const BatchRow* row : order.rejected)
      rejects_.add(batch.file(), batch.header(), row->line, row->fault, row->original);
    services_.worker.post([this, &batch, &order] {
      writer_.write(batch, order);
      pool_.give(batch);
    });
  }

  void report() {
    Progress progress;
    progress.rows = rows_read_;
    progress.bytes = bytes_read();
    progress.rejected = rejects_.rows();
    bool known = true;
    for (const auto& input : inputs_) {
      known &= input->size() > 0;
      progress.bytes_total += input->size();
    }
    if (!known) progress.bytes_total = 0;
    services_.on_progress(progress);
  }

  [[nodiscard]] std::uint64_t bytes_read() const {
    std::uint64_t sum = 0;
    for (const auto& input : inputs_) sum += input->bytes_read();
    return sum;
  }

  const Options& options_;
  const Inputs& inputs_;
  const Services& services_;
  Rejects rejects_;
  BatchWriter writer_;
  RowParser parser_;
  RowMerge merge_;
  BatchPool pool_;
  sheet::Row row_;
  std::int64_t batches_ = 0;
  std::int64_t rows_read_ = 0;
  std::int64_t rows_empty_ = 0;
  std::int64_t files_failed_ = 0;
  std::vector<UnknownColumn> unknown_columns_;
  std::vector<FileReading> readings_;
  bool spellings_told_ = false;                    // of the file
  std::set<std::string, std::less<>> names_seen_;  // of columns, as they are compared
  bool has_json_ = false;
  std::string removal_note_;
  std::optional<store::HeldBackRemovals> held_back_;
  metrics::Timer read_;
  metrics::Timer parse_;
  metrics::Counter rows_total_;
};

}  // namespace

std::string removal_text(const store::HeldBackRemovals& held_back) {
  return to_text(held_back, "are no longer in the files");
}

Inputs open_inputs(const std::vector<std::string>& paths) {
  Inputs inputs;
  try {
    for (const auto& path : paths) inputs.push_back(std::make_unique<ByteSource>(path));
  } catch (const Error& e) {
    throw UsageError(e.what());
  }
  return inputs;
}

void run(const Options& options, const Inputs& inputs, const Services& services, Summary& summary) {
  Run run(options, inputs, services);
  try {
    run.run();
  } catch (...) {
    run.give_up();
    run.sum_up(summary);
    throw;
  }
  run.sum_up(summary);
}

}  // namespace pipeline::upsert
