#include "upsert_command.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/base/worker.h"
#include "pipeline/store/database.h"
#include "pipeline/store/runs.h"

#include "file_reading.h"
#include "option_kit.h"
#include "places.h"
#include "progress_line.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

// One batch waits while one is written and one is filled.
constexpr std::size_t kBatchesWaiting = 1;

ordered_json options_json(const UpsertCommand& command) {
  return {{"inputs", command.inputs},
          {"batch_size", command.options.batch_size},
          {"commit", command.options.row_commits ? "row" : "batch"},
          {"hash_skip", command.options.hash_skip},
          {"sku_index", command.key_index},
          {"source", command.options.source},
          {"replace", command.options.replace},
          {"complete", command.options.complete},
          {"only_known", command.options.only_known},
          {"sheet", command.options.layout.sheet},
          {"header_row", command.options.layout.header_row},
          {"encoding", command.options.layout.encoding},
          {"max_removals", store::to_string(command.options.max_removals)}};
}

std::string rule_fault(const std::string& text) {
  try {
    (void)upsert::parse_column_rule(text);
    return {};
  } catch (const UsageError& e) {
    return e.what();
  }
}

// It is emptied when the run begins to write it.
void check_reject_file(const UpsertCommand& command, const store::Database& database) {
  const auto& rejects = command.options.rejects;
  if (rejects.empty()) return;
  check_file_place("--reject-file", rejects);
  if (const auto& prometheus = command.common.prometheus; !prometheus.empty())
    check_apart("--reject-file", rejects, prometheus, "what --prometheus writes");
  check_apart("--reject-file", rejects, database);
  for (const auto& input : command.inputs)
    if (input != "-") check_apart("--reject-file", rejects, input, "an input of this run");
}

void check_rules(const std::vector<upsert::ColumnRules::Rule>& rules) {
  for (auto rule = rules.begin(); rule != rules.end(); ++rule)
    for (auto other = rules.begin(); other != rule; ++other)
      if (other->column != rule->column && catalogue::header_key(other->name) == catalogue::header_key(rule->name))
        throw CLI::ValidationError("--map",
                                   fmt::format("says twice what the column {} is, and not the same", rule->name));
}

constexpr std::size_t kRejectsShown = 20;  // on the terminal; the log and the reject file name all

double rows_per_second(const Session& session, const upsert::Summary& summary) {
  const double seconds = session.seconds();
  return seconds > 0 ? static_cast<double>(summary.rows_read) / seconds : 0;
}

std::string place_of(const upsert::Failure& failure) {
  return failure.line > 0 ? fmt::format("{}:{}: ", failure.file, failure.line) : std::string();
}

std::string_view name_of(upsert::Plan::Action action) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"new", "changed", "removed"};
  return kNames[static_cast<std::size_t>(action)];
}

// Of a run that was to be complete.
std::string removals_of(const upsert::Summary& summary) {
  return removals_word(summary.held_back ? upsert::removal_text(*summary.held_back) : "", summary.removal_note);
}

// How an upsert gets on. Main thread.
class UpsertProgress {
 public:
  explicit UpsertProgress(Session& session)
      : clock_(session.clock()), line_(clock_, session.output().language(), session.shows_progress()) {
    (void)rows_.add(clock_.now(), 0);
    (void)bytes_.add(clock_.now(), 0);
  }

  void update(const upsert::Progress& progress) {
    if (line_.is_due()) line_.show(text(progress));
  }

 private:
  [[nodiscard]] std::string text(const upsert::Progress& progress) {
    constexpr double kMegabyte = 1e6;
    const double bytes = static_cast<double>(progress.bytes);
    const double rows_pace = rows_.add(clock_.now(), static_cast<double>(progress.rows));
    const double bytes_pace = bytes_.add(clock_.now(), bytes);
    std::string text = fmt::format("upsert rows {} · {}/s · {:.0f}", count(progress.rows),
                                   count(std::llround(rows_pace)), bytes / kMegabyte);
    if (progress.bytes_total > 0) text += fmt::format("/{:.0f}", static_cast<double>(progress.bytes_total) / kMegabyte);
    text += " MB";
    if (progress.rejected > 0) text += fmt::format(" · rejected {}", count(progress.rejected));
    const double left = static_cast<double>(progress.bytes_total) - bytes;
    if (left > 0 && bytes_pace > 0) text += fmt::format(" · {} left", format_time_left(left / bytes_pace));
    return text;
  }

  const Clock& clock_;
  ProgressLine line_;
  Pace rows_;
  Pace bytes_;
};

// For the table `runs`, too.
ordered_json counts_json(const Session& session, const upsert::Summary& summary) {
  return {{"rows_read", summary.rows_read},
          {"inserted", summary.inserted},
          {"updated", summary.updated},
          {"unchanged", summary.unchanged},
          {"superseded", summary.superseded},
          {"rejected", summary.rejected},
          {"removed", summary.removed},
          {"held_back", summary.held_back ? summary.held_back->found : 0},
          {"enqueued", std::llround(session.total("refresh_queue_enqueue_total"))},
          {"rows_empty", summary.rows_empty},
          {"files_failed", summary.files_failed},
          {"bytes_read", summary.bytes_read}};
}

// docs/commands.md lists its keys.
ordered_json summary_json(const Session& session, const upsert::Summary& summary, const upsert::Options& options) {
  ordered_json json = session.run_head(summary.code);
  json.update(counts_json(session, summary));
  json["rows_per_second"] = std::round(rows_per_second(session, summary));
  json["metrics_csv"] = or_null(session.csv().string());
  json["budget"] = session.budget().json();
  json["stopped"] = or_null(summary.stop_reason);
  json["failures"] = ordered_json::array();
  for (const auto& failure : summary.failures)
    json["failures"].push_back({{"file", failure.file},
                                {"line", failure.line > 0 ? ordered_json(failure.line) : ordered_json(nullptr)},
                                {"error", failure.error}});
  json["unknown_columns"] = ordered_json::array();
  for (const auto& column : summary.unknown_columns)
    json["unknown_columns"].push_back(
        {{"file", column.file}, {"column", column.name}, {"did_you_mean", or_null(column.likely_name)}});
  json["readings"] = ordered_json::array();
  for (const auto& reading : summary.readings) json["readings"].push_back(reading_json(reading));
  json["removals"] = options.complete ? ordered_json(removals_of(summary)) : ordered_json(nullptr);
  json["held_back_removals"] = removals_json(summary.held_back);
  json["dry_run"] = options.dry_run;
  if (options.dry_run) json["plan"] = session.plans();
  return json;
}

std::string summary_text(const Session& session, const upsert::Summary& summary, const upsert::Options& options) {
  std::string text =
      fmt::format("upsert {}{} in {}", status_word(summary.code), options.dry_run ? " (dry run, nothing written)" : "",
                  format_duration(session.seconds()));
  if (!summary.stop_reason.empty()) text += ": " + summary.stop_reason;
  text +=
      fmt::format("\n  rows {}: {} inserted, {} updated, {} unchanged, {} rejected", count(summary.rows_read),
                  count(summary.inserted), count(summary.updated), count(summary.unchanged), count(summary.rejected));
  if (summary.superseded > 0) text += fmt::format(", {} followed by a later row of the SKU", count(summary.superseded));
  if (summary.rows_empty > 0) text += fmt::format("; {} empty", count(summary.rows_empty));
  text += fmt::format("\n  {} rows/s; {:.1f} MB read", count(std::llround(rows_per_second(session, summary))),
                      static_cast<double>(summary.bytes_read) / 1e6);
  if (!options.dry_run)
    text += fmt::format("; {} queued for refresh", count(std::llround(session.total("refresh_queue_enqueue_total"))));
  if (options.complete && (summary.held_back || !summary.removal_note.empty()))
    text += "\n  removals " + removals_of(summary);
  else if (options.complete)
    text += fmt::format("\n  {} of {} no longer in the files, {}", count(summary.removed), options.source,
                        options.dry_run ? "to be marked as removed" : "marked as removed");
  if (!summary.failures.empty()) {
    const auto all = summary.rejected + summary.files_failed;
    const auto shown = std::min(summary.failures.size(), kRejectsShown);
    text += fmt::format("\n  {} could not be used:", count(all));
    for (std::size_t i = 0; i < shown; ++i)
      text += fmt::format("\n    {}{}", place_of(summary.failures[i]), summary.failures[i].error);
    if (const auto left = all - static_cast<std::int64_t>(shown); left > 0)
      text += fmt::format("\n    and {} more: see the log, or --reject-file", count(left));
  }
  if (!session.csv().empty()) text += "\n  metrics " + session.csv().string();
  return text + "\n";
}

}  // namespace

std::optional<char> UpsertCommand::separator_of(const std::string& text) {
  constexpr std::array<std::pair<std::string_view, char>, 6> kWords{
      {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"\\t", '\t'}, {"bar", '|'}, {"pipe", '|'}}};
  for (const auto& [word, sign] : kWords)
    if (text == word) return sign;
  if (text.size() != 1) return std::nullopt;
  const char sign = text.front();
  const bool is_sign = sign == '\t' || (sign > ' ' && sign < '\x7F' && sign != '"' &&
                                        std::isalnum(static_cast<unsigned char>(sign)) == 0);
  return is_sign ? std::optional(sign) : std::nullopt;
}

HelpText UpsertCommand::help() const {
  return {.notes =
              "What a row does not say of a known product stays; an empty cell of a column, and a null, empty it. A "
              "row needs a\n`sku`, and for a new product of MY_STORE a `sale_price`; names as in the table "
              "`products`, in the Commerce\nAPI's camelCase, in Korean, or as the seller centre's downloads, Coupang, "
              "Cafe24, Google Merchant and Naver\nShopping have them; all else stays in `raw_json`. How a file is "
              "understood is shown by --dry-run. The config\nfile has --map as a table: [upsert.map], one "
              "\"column\" = \"field\" per line.\n",
          .examples =
              "pipeline upsert products.csv --db store.db\n"
              "pipeline upsert 상품목록.xlsx --sheet 2 --map '소매가=sale_price' --map '내부메모=raw_json'\n"
              "pipeline upsert supplier.csv --source SUPPLIER --complete --reject-file rejects.csv\n"};
}

void UpsertCommand::add_options(CLI::App& app) {
  app.add_option("FILE", inputs, "Product files, read in this order; - is standard input")
      ->type_name("")
      ->required()
      ->configurable(false);
  add_choice<sheet::Format>(app, "--format", options.layout.format,
                            {{"auto", sheet::Format::automatic},
                             {"jsonl", sheet::Format::jsonl},
                             {"csv", sheet::Format::csv},
                             {"xlsx", sheet::Format::xlsx}},
                            "auto", "Of all files; auto: by their content");
  add_value(app, "--sheet", "NAME|N", options.layout.sheet,
            "Of a workbook: the sheet, by its name or number; else the first with a header");
  add_number(app, "--header-row", options.layout.header_row, 0, 1'048'576,
             "The line or row that names the columns; 0: the first with two known names");
  app.add_option_function<std::string>(
         "--delimiter", [this](const std::string& text) { options.layout.separator = *separator_of(text); },
         "What stands between a CSV's fields: one sign, or comma, semicolon, tab, bar; else found out")
      ->type_name("SIGN")
      ->check(cli::check([](const auto& text) { return separator_of(text).has_value(); },
                         "neither one sign such as ; nor comma, semicolon, tab or bar"));
  add_value(app, "--encoding", "NAME", options.layout.encoding,
            "Of texts without a mark: utf-8, cp949, windows-1252, shift_jis, ...; else found out")
      ->check(cli::check([](const auto& name) { return name.empty() || sheet::is_encoding(name); },
                         "no encoding that this system knows; iconv --list names them"));
  app.add_option_function<std::vector<std::string>>(
         "--map",
         [this](const std::vector<std::string>& rules) {
           options.columns.map.clear();
           for (const auto& rule : rules) options.columns.map.push_back(upsert::parse_column_rule(rule));
         },
         "What a column, or a key of JSON rows, is: name, sale_price, ..., or raw_json to leave it out; may be given "
         "again and again")
      ->type_name("COLUMN=FIELD")
      ->allow_extra_args(false)
      ->delimiter(kBetweenRules)
      ->check(CLI::Validator(rule_fault, ""));
  add_choice<std::optional<catalogue::Column>>(app, "--sku-from", options.columns.sku_from,
                                               {{"channel_product_no", catalogue::Column::channel_product_no},
                                                {"origin_product_no", catalogue::Column::origin_product_no},
                                                {"seller_management_code", catalogue::Column::seller_management_code}},
                                               "channel_product_no",
                                               "Which column is the key where no column, or key of a row, is sku");
  add_number(app, "--batch-size", options.batch_size, 1, 100'000,
             "Rows per transaction at most (fewer when they are large)");
  add_choice<bool>(app, "--commit", options.row_commits, {{"batch", false}, {"row", true}}, "batch",
                   "row: one transaction per row, to compare with");
  add_choice<bool>(app, "--hash-skip", options.hash_skip, {{"off", false}, {"on", true}}, "on",
                   "off: rewrite equal products too, to compare with");
  add_choice<bool>(app, "--sku-index", key_index, {{"off", false}, {"on", true}}, "on",
                   "off: no key on sku, to compare with; on a new database only");
  add_value(app, "--source", "NAME", options.source, "Where rows come from that do not say it")->check(not_empty());
  app.add_flag("--only-known", options.only_known, "Read a file even if nothing of it but `sku` is known");
  app.add_flag("--replace", options.replace, "A row is all of its product: what it does not say becomes empty");
  app.add_flag("--complete", options.complete,
               "The files are all there is of --source: products that they no longer have are marked as removed");
  add_max_removals(app, options.max_removals);
  add_value(app, "--reject-file", "FILE", options.rejects, "Write the rows that can't be used here, as they came");
}

void UpsertCommand::check(const CLI::App& line) {
  options.source = trim_blanks(options.source);
  if (options.source.empty()) throw CLI::ValidationError("--source", "is empty");
  if (!options.complete && is_on_command_line(line, "--max-removals"))
    throw CLI::ValidationError("--max-removals", "goes with --complete; without that nothing is removed");
  check_rules(options.columns.map);
  options.tells_idle_rules = is_on_command_line(line, "--map");
}

ExitCode UpsertCommand::run(Session& session) {
  const auto files = upsert::open_inputs(inputs);
  check_places(common, session.database());
  check_reject_file(*this, session.database());
  session.lock(common.lock_wait);
  session.begin(true);
  options.dry_run = common.dry_run;
  if (options.dry_run) options.rejects.clear();

  const store::Store store = session.open_store(key_index);
  if (!options.dry_run) store.runs->start_with_change(session.start_of(options_json(*this)));
  upsert::Summary summary;
  const auto write_products = [&] {
    UpsertProgress progress(session);
    Worker worker(kBatchesWaiting);
    upsert::run(options, files,
                {.clock = session.clock(),
                 .metrics = session.metrics(),
                 .worker = worker,
                 .catalogue = *store.catalogue,
                 .run_id = session.info().run_id,
                 .interrupted = [&] { return session.interrupt().signal(); },
                 .on_progress = [&](const upsert::Progress& now) { progress.update(now); },
                 .on_plan =
                     [&](const upsert::Plan& plan) {
                       session.show_plan(name_of(plan.action), plan.sku, plan.name, plan.changes);
                     },
                 .on_reading =
                     [&](const upsert::FileReading& read) {
                       session.show_before_plans(reading_text(read, session.output().language()));
                     }},
                summary);
  };
  log::info("upsert {} of {} into {}", session.info().run_id, fmt::join(inputs, ", "), store.name);
  return session.carry_out({.work = write_products,
                            .runs = *store.runs,
                            .counts = [&] { return counts_json(session, summary); },
                            .json = [&] { return summary_json(session, summary, options); },
                            .text = [&] { return summary_text(session, summary, options); },
                            .trouble = [] { return "mend what is named above, and feed it again"; }},
                           summary.code, summary.stop_reason);
}

}  // namespace pipeline::cli
