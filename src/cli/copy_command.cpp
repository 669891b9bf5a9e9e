#include "copy_command.h"

#include "pipeline/base/error.h"
#include "pipeline/base/interrupt.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/store/transfer.h"

#include "copies.h"
#include "engine.h"
#include "places.h"
#include "progress_line.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;
using store::Copied;

std::string table_text(const std::vector<Copied>& tables, const Language& language) {
  std::vector<std::vector<std::string>> lines;
  for (const Copied& one : tables)
    lines.push_back({std::string(one.table), count(one.rows), language.text(one.is_equal ? "equal" : "differs")});
  return align_columns(lines, "lrl");
}

ordered_json json_of(const std::vector<Copied>& tables) {
  auto list = ordered_json::array();
  for (const Copied& one : tables)
    list.push_back({{"table", one.table}, {"rows", one.rows}, {"rows_before", one.before}, {"equal", one.is_equal}});
  return list;
}

}  // namespace

HelpText CopyCommand::help() const {
  return {.notes =
              "Products, queue, posts, packages and runs, into a database that is not there yet or is empty. Both are "
              "kept from other\nruns meanwhile, and compared afterwards, row by row. What was broken off goes on from "
              "there.\n",
          .examples =
              "pipeline copy store.db 'postgresql://shop@db.example/shops?schema=store_a'\n"
              "pipeline copy 'postgresql://shop@db.example/shops?schema=store_a' store.db\n"};
}

void CopyCommand::add_options(CLI::App& app) {
  app.add_option("FROM", from, "The database to copy, as --db names one")
      ->type_name("")
      ->required()
      ->configurable(false);
  app.add_option("TO", to, "Where it goes; not there yet, or empty")->type_name("")->required()->configurable(false);
}

ExitCode CopyCommand::run(Session& session) {
  const Interrupt interrupt;
  session.begin(false);
  const auto source = choose_database(from);
  const auto target = choose_database(to);
  check_database(*source);
  if (source->name() == target->name())
    throw UsageError(fmt::format("copy: {} is both: name another for the copy", source->name()));
  target->check_place();
  const WallTime now = session.clock().wall();
  const auto source_lock = source->lock("pipeline copy", now);
  const auto target_lock = target->lock("pipeline copy", now);
  const store::Store read = source->open(session.clock(), {.mode = store::Opening::Mode::read});
  const store::Store written = target->open(session.clock());

  if (!store::is_beginning_of_copy(*read.transfer, *written.transfer))
    throw UsageError(fmt::format("copy: {} has rows that {} has not: name a database that is empty, or not there yet",
                                 target->name(), source->name()));

  ProgressLine line(session.clock(), session.output().language(), session.shows_progress());
  const auto tables = store::copy_store(*read.transfer, *written.transfer, [&](std::string_view table, std::int64_t n) {
    stop_on_signal(interrupt, "the copy was stopped; the same call goes on from there");
    if (line.is_due()) line.show(fmt::format("copy: {}, {} rows", table, count(n)));
  });
  const bool is_equal = std::ranges::all_of(tables, &Copied::is_equal);
  const ExitCode code = is_equal ? ExitCode::ok : ExitCode::partial;
  if (common.json) {
    auto json = session.head(code);
    json["from"] = source->name();
    json["to"] = target->name();
    json["tables"] = json_of(tables);
    json["seconds"] = session.seconds();
    session.output().write(document(json));
  } else if (!common.quiet) {
    session.output().say(table_text(tables, session.output().language()));
    if (is_equal)
      session.output().say(
          fmt::format("copied {} to {}, and compared: they are equal\n", source->name(), target->name()));
  }
  if (!is_equal)
    log::error("copy: {} was written to while it was copied: remove {}, and copy again when nobody works the queue off",
               source->name(), target->name());
  return code;
}

}  // namespace pipeline::cli
