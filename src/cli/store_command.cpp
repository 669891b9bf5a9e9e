#include "store_command.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/text.h"

#include "defaults.h"
#include "engine.h"
#include "option_kit.h"
#include "session.h"
#include "summary.h"
#include "table.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

std::string needed_config(const CommonOptions& common) {
  if (common.config.empty()) throw UsageError("stores are kept in a config file: name it with --config");
  return common.config.string();
}

// Bare in TOML, in a file's name and in a systemd unit's.
bool is_name(const std::string& text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

std::string quoted(const std::string& text) {
  std::string json;
  append_json_string(text, json);  // TOML's basic strings have the same escapes
  return json;
}

bool is_table_line(std::string_view line) {
  return trim(line).starts_with('[');
}

// The first two names of a table: `store` and `a b` of [ store."a b".sync ].
std::pair<std::string, std::string> table_names(std::string_view line) {
  std::string_view rest = trim(line).substr(1);
  std::array<std::string, 2> names;
  for (std::string& name : names) {
    rest = trim(rest);
    const bool is_quoted = rest.starts_with('"') || rest.starts_with('\'');
    const std::size_t end = is_quoted ? rest.find(rest.front(), 1) : rest.find_first_of(".]");
    if (end == std::string_view::npos) break;
    name = is_quoted ? rest.substr(1, end - 1) : trim(rest.substr(0, end));
    rest.remove_prefix(end + (is_quoted ? 1 : 0));
    rest = trim(rest);
    if (!rest.starts_with('.')) break;
    rest.remove_prefix(1);
  }
  return {names[0], names[1]};
}

// The text without the store's tables; all else stays as it is, the comments above the table behind them too.
std::string without_store(const std::string& text, const std::string& name) {
  std::string kept;
  std::string held;  // comments and empty lines within: of the store, unless a table of something else follows
  bool is_within = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view line = std::string_view(text).substr(at, end - at);
    if (is_table_line(line)) {
      is_within = table_names(line) == std::pair<std::string, std::string>("store", name);
      if (!is_within) kept += held;
      held.clear();
    }
    const std::string_view trimmed = trim(line);
    if (!is_within)
      kept += line;
    else if (trimmed.empty() || trimmed.starts_with('#'))
      held += line;
    else
      held.clear();
    at = end;
  }
  return kept;
}

// Throws UsageError where the store's tables are written in a way that takes more than leaving out lines.
std::string text_without_store(const std::string& config, const std::string& name) {
  const std::string text = read_file(config);
  std::string rest = without_store(text, name);
  if (rest == text)
    throw UsageError(fmt::format("{}: store {} does not stand in a table [store.{}] of its own: take it out by hand",
                                 config, name, name));
  return rest;
}

void write_config(const std::string& config, const std::string& text) {
  AtomicFile file(config);
  file.write(text);
  file.commit();
}

void check_known(const std::string& name, const std::string& config, bool is_wanted) {
  const auto names = store_names(config);
  const bool is_known = std::ranges::find(names, name) != names.end();
  if (is_known && !is_wanted)
    throw UsageError(fmt::format("{} has a store {} already: choose another name", config, name));
  if (!is_known && is_wanted)
    throw UsageError(fmt::format("{} has no store {}: `pipeline store list` shows all", config, name));
}

void list(Session& session, const std::string& config) {
  const auto names = store_names(config);
  if (session.common().json) {
    auto json = session.head(ExitCode::ok);
    json["stores"] = ordered_json::array();
    for (const std::string& name : names)
      json["stores"].push_back({{"store", name}, {"values", store_values(config, name)}});
    return session.output().write(document(json));
  }
  if (session.common().quiet) return;
  if (names.empty())
    return session.output().say(fmt::format("{} has no stores: `pipeline store add NAME` makes one\n", config));
  std::vector<std::vector<std::string>> lines{{"STORE", "DATABASE", "POSTS"}};
  for (const std::string& name : names) {
    auto values = store_values(config, name);
    lines.push_back({name, values["db"], values["posts"]});
  }
  session.output().write(table_text(std::move(lines), "lll", session.output().language()));
}

void tell(Session& session, const std::string& store, std::string_view what) {
  if (session.common().json) {
    auto json = session.head(ExitCode::ok);
    json["store"] = store;
    session.output().write(document(json));
  } else if (!session.common().quiet) {
    session.output().say(fmt::format("{}\n", what));
  }
}

}  // namespace

HelpText StoreCommand::help() const {
  switch (action) {
    case Action::list:
      return {.examples =
                  "pipeline store list --config pipeline.toml\npipeline store list --json --config pipeline.toml\n"};
    case Action::add:
      return {
          .notes =
              "Writes a table [store.NAME] at the end of the config file. The secret itself is not written there: "
              "put it\ninto a file that only its user may read. On a server that --db names the store has a schema of "
              "its own.\n",
          .examples =
              "pipeline store add mugs --config pipeline.toml --client-id ID --client-secret-file "
              "/etc/pipeline/mugs.secret\n"
              "pipeline store add mugs --config pipeline.toml --db postgresql://nightly@db.example.com/stores\n"
              "pipeline store add cups --config pipeline.toml --folder /var/lib/pipeline/cups --posts /srv/cups\n"};
    case Action::remove:
      break;
  }
  return {.notes = "Takes the store's tables out of the config file. Its database, posts and packages stay.\n",
          .examples =
              "pipeline store remove mugs --config pipeline.toml\npipeline store remove cups --json --config "
              "pipeline.toml\n"};
}

void StoreCommand::add_options(CLI::App& app) {
  if (action == Action::list) return;
  app.add_option("NAME", name, "The store, as --store names it")->type_name("")->required()->configurable(false);
  if (action == Action::remove) return;
  const auto add = [&](const char* option, const char* type, auto& target, const char* description) {
    add_value(app, option, type, target, description)->configurable(false);
  };
  add("--client-id", "ID", client_id, "Of the application in the Commerce API centre");
  add("--client-secret-file", "FILE", secret_file, "The file that holds its secret");
  add("--account-id", "ID", account_id, "Of a seller's store other than the application's own");
  add("--posts", "DIR", posts, "The folder of the store's posts");
  add("--folder", "DIR", folder, "Where its database, metrics and packages are kept; else beside the config file");
}

void StoreCommand::check(const CLI::App& line) {
  names_database_ = action == Action::add && is_on_command_line(line, "--db");
}

fs::path StoreCommand::own_folder() const {
  return from_anywhere(folder.empty() ? folder_of(common.config) / name : folder);
}

std::string StoreCommand::database() const {
  if (!names_database_) return (own_folder() / "store.db").string();
  std::string db = database_of_store(common.db, name);
  (void)choose_database(db);  // refuses what is no address
  return db.find("://") == std::string::npos ? from_anywhere(db).string() : db;
}

// The table of a store that is new.
std::string StoreCommand::table() const {
  const fs::path own = own_folder();
  std::string text = fmt::format("\n[store.{}]\n", name);
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) text += fmt::format("{} = {}\n", key, quoted(value));
  };
  add("db", database());
  add("metrics-dir", (own / "metrics").string());
  add("out", (own / "packages").string());
  add("page", (own / "page.html").string());
  add("posts", posts.empty() ? "" : from_anywhere(posts).string());
  add("client-id", client_id);
  add("client-secret-file", secret_file.empty() ? "" : from_anywhere(secret_file).string());
  add("account-id", account_id);
  return text;
}

ExitCode StoreCommand::run(Session& session) {
  const std::string config = needed_config(common);
  switch (action) {
    case Action::list:
      list(session, config);
      break;
    case Action::add: {
      if (!is_name(name))
        throw UsageError(fmt::format("{}: a store's name has letters, digits, - and _ alone: it names files", name));
      check_known(name, config, false);
      const std::string added = table();
      make_folder(own_folder(), "the store's folder");
      std::string text = read_file(config);
      if (!text.empty() && text.back() != '\n') text += '\n';
      write_config(config, text + added);
      tell(session, name,
           fmt::format("{}: store {} is added; try it with: pipeline check --config {} --store {}", config, name,
                       config, name));
      break;
    }
    case Action::remove:
      check_known(name, config, true);
      write_config(config, text_without_store(config, name));
      tell(session, name, fmt::format("{}: store {} is removed; its files stay", config, name));
      break;
  }
  return ExitCode::ok;
}

}  // namespace pipeline::cli
