#include "check_command.h"

#include "pipeline/base/log.h"
#include "pipeline/naver/credentials.h"
#include "pipeline/store/database.h"

#include "check_database.h"
#include "check_notify.h"
#include "check_places.h"
#include "check_posts.h"
#include "check_scheduler.h"
#include "check_server.h"
#include "check_setup.h"
#include "check_shop.h"
#include "engine.h"
#include "mending.h"
#include "option_kit.h"
#include "session.h"
#include "summary.h"
#include "table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <string_view>
#include <utility>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;
using State = Finding::State;
using std::chrono::milliseconds;

// Of the ten seconds. The server is asked by one thread while another looks at this machine.
constexpr milliseconds kForServer{8'500};
constexpr milliseconds kForLookingThrough{3'000};  // to look through it
constexpr milliseconds kForPosts{6'500};           // from the start, too
constexpr milliseconds kForNotify{9'500};

constexpr std::size_t kCheckedPostsShown = 20;  // on the terminal; --json tells of all
constexpr std::size_t kCheckColumns = 12;

template <typename Kind>
std::unique_ptr<Kind> as(std::unique_ptr<Command> command) {
  return std::unique_ptr<Kind>(&dynamic_cast<Kind&>(*command.release()));
}

template <typename Value, typename Target>
void override_by(const std::optional<Value>& given, Target& target) {
  if (given) target = *given;
}

std::size_t count(const Findings& findings, State state) {
  return static_cast<std::size_t>(std::ranges::count(findings, state, &Finding::state));
}

ordered_json json_of(const Finding& finding) {
  return {{"check", finding.check},
          {"state", to_string(finding.state)},
          {"subject", or_null(finding.subject)},
          {"text", finding.text},
          {"advice", or_null(finding.advice)}};
}

// `SUBJECT: `, but where the text begins with it, as refusals do.
std::string before_text(const Finding& finding) {
  const std::string before = finding.subject.empty() ? "" : finding.subject + ": ";
  return finding.text.starts_with(before) ? "" : before;
}

// The parts of a line are put into the reader's language one by one: which of them belong together only we know.
std::string line_of(const Finding& finding, const Language& language) {
  constexpr std::array<std::string_view, 3> kMarks{"✓", "!", "✗"};
  std::string line = fmt::format("{} {} {}{}\n", kMarks[static_cast<std::size_t>(finding.state)],
                                 padded(language.text(finding.check), kCheckColumns),
                                 before_text(finding).empty() ? "" : language.text(finding.subject) + ": ",
                                 language.text(finding.text));
  if (!finding.advice.empty()) line += fmt::format("  {:<{}} → {}\n", "", kCheckColumns, language.text(finding.advice));
  return line;
}

std::string verdict_of(const Findings& findings) {
  const std::size_t failed = count(findings, State::failed);
  const std::size_t warned = count(findings, State::warning);
  if (failed > 0) return fmt::format("a night would fail: {} ✗ to mend, {} ! to look at", failed, warned);
  return warned > 0 ? fmt::format("a night would run; {} ! to look at", warned) : "all is well";
}

std::string text_of(const Findings& findings, const Language& language) {
  std::string text;
  std::size_t posts = 0;
  for (const Finding& finding : findings)
    if (finding.check != "post" || posts++ < kCheckedPostsShown) text += line_of(finding, language);
  if (posts > kCheckedPostsShown)
    text += language.text(fmt::format("and {} more posts: see --json", posts - kCheckedPostsShown)) + "\n";
  return text + "\n" + language.text(verdict_of(findings)) + "\n";
}

// What needs the tables: only of a database that this program can read as it is.
Findings look_into(store::Database& database, Session& session, const PackageCommand& package,
                   const std::optional<naver::Credentials>& credentials, SteadyTime until) {
  Findings findings;
  store::Store store = session.open_store(store::Opening::Mode::read);
  const WallTime now = session.clock().wall();
  if (credentials)
    append(findings, look_at("owner", database.name(),
                             [&] { return check_owner(*store.catalogue, naver::identity_of(*credentials)); }));
  append(findings, look_at("last-night", "", [&] {
           const bool at_work = database.inspect(session.clock())->holder().has_value();
           return check_last_night(*store.runs, now, at_work);
         }));
  append(findings, check_posts(package, store, database.is_there(), session, until));
  return findings;
}

// Posts are looked at without a database as well.
Findings look_without(Session& session, const PackageCommand& package, SteadyTime until) {
  store::Store empty = choose_database(":memory:")->open(session.clock(), {.mode = store::Opening::Mode::read});
  return check_posts(package, empty, false, session, until);
}

}  // namespace

HelpText CheckCommand::help() const {
  return {.notes =
              "Tries in ten seconds what the first night needs: config, credentials, clock, token, a page of the list, "
              "a detail,\ndatabase, folders, posts, budget, schedule. What [sync] and [package] say in the config file "
              "and the environment\nis what is checked. With --repair what can be mended is mended first, and told; "
              "else nothing is changed.\nExit code 0, also with warnings, or 2: something has to be mended first.\n",
          .examples =
              "pipeline check --db store.db\n"
              "pipeline check --db store.db --posts posts --json\n"
              "pipeline check --repair --db store.db --out packages\n"};
}

void CheckCommand::add_options(CLI::App& app) {
  const auto add = [&](const char* name, auto& target, const char* type, const char* description) {
    app.add_option(name, target, description)->type_name(type)->configurable(false);
  };
  app.add_flag("--repair", repair, "First mend what hands do wrong: another database's log, half packages, moved posts")
      ->configurable(false);
  add("--base-url", base_url_, "URL", "Commerce API, instead of sync's");
  add_duration(app, "--timeout", timeout_, "", "Time for one request, instead of sync's")->configurable(false);
  add("--posts", posts_, "DIR", "The folder of all posts, instead of package's");
  add("--out", out_, "DIR", "Where the packages go, instead of package's");
  add("--prometheus", prometheus_, "FILE", "The metrics file, instead of sync's");
  add("--budget", budget_, "FILE", "The budget, instead of sync's");
}

void CheckCommand::look_around(const Settings& found, const Others& others) {
  settings = found;
  sync = as<SyncCommand>(others("sync"));
  package = as<PackageCommand>(others("package"));
  night = as<NightCommand>(others("night"));
  override_by(base_url_, sync->api.base_url);
  override_by(timeout_, sync->api.timeout);
  override_by(posts_, package->posts_dir);
  override_by(out_, package->options.out);
  override_by(prometheus_, sync->common.prometheus);
  override_by(budget_, sync->common.budget);
  sync->common.db = common.db;
  sync->common.metrics_dir = common.metrics_dir;
}

// Those of the command line are told of as the others are.
void CheckCommand::check(const CLI::App& line) {
  const auto belongs_to = [](const std::string& name) {
    if (name == "--base-url" || name == "--timeout") return "sync " + name;
    return name == "--posts" || name == "--out" ? "package " + name : name;
  };
  for (const CLI::Option* option : line.get_subcommands().front()->get_options({}))
    if (option->count() > 0 && option->get_name() != "--config")
      settings.note(
          {belongs_to(option->get_name()), fmt::format("{}", fmt::join(option->results(), ",")), "command line"});
}

Findings CheckCommand::look(Session& session) const {
  const Clock& clock = session.clock();
  const SteadyTime start = clock.now();
  std::optional<naver::Credentials> credentials;
  Findings findings = check_config(settings);
  append(findings, look_at("credentials", "NAVER_COMMERCE_CLIENT_ID, NAVER_COMMERCE_CLIENT_SECRET",
                           [&] { return check_credentials(credentials_of(common), credentials); }));
  append(findings, look_at("budget", sync->common.budget.string(), [&] { return check_budget(sync->common); }));
  auto shop = std::async(std::launch::async, [&] {
    return credentials ? check_shop(*sync, *credentials, clock, start + kForServer)
                       : ShopCheck{shop_not_asked(*sync), std::nullopt};
  });

  const std::string db = without_password(common.db);
  Findings local = look_at("database", db, [&] {
    store::Database& database = session.database();
    Findings found = database.is_on_server() ? check_server(database, clock)
                                             : check_database_file(database, clock, start + kForLookingThrough);
    append(found, check_where_it_writes(sync->common, database, package->options.out, !package->posts_dir.empty()));
    if (!night->page.empty())
      append(found, look_at("page", night->page.string(), [&] { return check_page(night->page); }));
    const bool is_as_it_should_be = found.front().state == State::ok;
    append(found, look_at("tables", db, [&] {
             return is_as_it_should_be ? look_into(database, session, *package, credentials, start + kForPosts)
                                       : look_without(session, *package, start + kForPosts);
           }));
    return found;
  });
  append(local, look_at("scheduler", "", [&] { return check_scheduler(clock.wall()); }));
  append(local, check_notify(sync->common, clock, start + kForNotify));

  ShopCheck asked = shop.get();
  append(findings, std::move(asked.findings));
  append(findings, std::move(local));
  append(findings, look_at("space", db, [&] {
           return session.database().is_on_server() ? Findings{}
                                                    : check_room(session.database(), clock, asked.products);
         }));
  return findings;
}

ExitCode CheckCommand::run(Session& session) {
  session.begin(false);
  // What the layers below log of the trouble they meet is told here, in its place.
  if (common.log_level > log::Level::debug && common.log_level < log::Level::error)
    log::init({log::Level::error, common.log_format, common.trace_id});
  Findings findings;
  if (repair) findings = mend(session.database(), *sync, *package, session.clock());
  append(findings, look(session));
  const ExitCode code = count(findings, State::failed) > 0 ? ExitCode::usage : ExitCode::ok;
  if (common.json) {
    auto json = session.head(code);
    json["seconds"] = session.seconds();
    json["verdict"] = verdict_of(findings);
    json["checks"] = ordered_json::array();
    for (const Finding& finding : findings) json["checks"].push_back(json_of(finding));
    session.output().write(document(json));
  } else if (!common.quiet) {
    session.output().write(text_of(findings, session.output().language()));
  } else {
    for (const Finding& finding : findings)
      if (finding.state == State::failed)
        log::error("{} {}{}{}{}", finding.check, before_text(finding), finding.text, finding.advice.empty() ? "" : ": ",
                   finding.advice);
  }
  return code;
}

}  // namespace pipeline::cli
