#include "defaults.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/spelling.h"
#include "pipeline/base/text.h"

#include "option_kit.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::cli {
namespace {

constexpr const char* kPrefix = "PIPELINE_";
constexpr const char* kConfig = "PIPELINE_CONFIG";  // read before all others
constexpr std::string_view kStores = "store";       // [store.NAME]

std::string place(const std::string& path, const toml::node& node) {
  return fmt::format("{}:{}", path, node.source().begin.line);
}

// The value as it would stand on the command line; lists are joined.
std::string text_of(const std::string& path, const std::string& key, const toml::node& node, char between = ',') {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* date = node.as_date())
    return fmt::format("{:04}-{:02}-{:02}", date->get().year, date->get().month, date->get().day);
  if (const auto* list = node.as_array()) {
    std::string joined;
    for (const auto& entry : *list)
      joined += (joined.empty() ? "" : std::string(1, between)) + text_of(path, key, entry);
    return joined;
  }
  throw UsageError(fmt::format("{}: {} has a type no option takes", place(path, node), key));
}

// A table of rules, for an option that takes them: `[upsert.map]`.
std::string rules_of(const std::string& path, const std::string& key, const toml::table& table) {
  std::string joined;
  for (const auto& [name, value] : table)
    joined += fmt::format("{}{}={}", joined.empty() ? "" : std::string(1, kBetweenRules), std::string_view(name.str()),
                          text_of(path, key, value));
  return joined;
}

// CLI11 puts a path in quotes.
std::string default_of(const CLI::Option& option) {
  return std::string(trim(option.get_default_str(), "\""));
}

// As it is noted: `--db`, `sync --workers`, `queue --lease`.
std::string name_of(const CLI::Option& option, const CLI::App& command) {
  const std::string name = "--" + option.get_lnames().front();
  if (option.get_group() == kCommonGroup) return name;
  const CLI::App* top = &command;
  while (top->get_parent()->get_parent() != nullptr) top = top->get_parent();
  return fmt::format("{} {}", top->get_name(), name);
}

void apply(const std::string& path, const std::string& key, const toml::node& node, CLI::App& command,
           Settings& settings) {
  CLI::Option* option = command.get_option_no_throw("--" + key);
  const bool takes_rules = option->get_delimiter() == kBetweenRules;
  if (takes_rules && node.is_table() && node.as_table()->empty()) return;
  const std::string value = takes_rules && node.is_table()
                                ? rules_of(path, key, *node.as_table())
                                : text_of(path, key, node, takes_rules ? kBetweenRules : ',');
  const bool is_other = default_of(*option) != value;
  try {
    set_default(*option, value);
  } catch (const UsageError& e) {
    throw UsageError(fmt::format("{}: {}: {}", place(path, node), key, e.what()));
  }
  if (is_other) settings.note({name_of(*option, command), value, place(path, node)});
}

bool is_common(const CLI::App& command, const std::string& key) {
  const CLI::Option* option = command.get_option_no_throw("--" + key);
  return option != nullptr && option->get_group() == kCommonGroup && option->get_configurable();
}

// The command itself, and those within it.
std::vector<CLI::App*> with_inner(CLI::App& command) {
  std::vector<CLI::App*> apps = command.get_subcommands({});
  apps.insert(apps.begin(), &command);
  return apps;
}

// Those of them that have such an option: `[queue] lease` is for whichever takes one.
std::vector<CLI::App*> owners(CLI::App& command, const std::string& key) {
  std::vector<CLI::App*> found = with_inner(command);
  std::erase_if(found, [&](const CLI::App* app) {
    const CLI::Option* option = app->get_option_no_throw("--" + key);
    return option == nullptr || !option->get_configurable();
  });
  return found;
}

// Wherever it stands, and however it is written.
void refuse_secret(const std::string& path, const std::string& key, const toml::node& node) {
  std::string plain = to_lower(key);
  std::ranges::replace(plain, '_', '-');
  if (!plain.ends_with("client-secret")) return;
  throw UsageError(
      fmt::format("{}: a secret does not stand in a config file, which is copied and shown: put it into a file that "
                  "only its user may read, and name that file in client-secret-file",
                  place(path, node)));
}

std::vector<std::string> names_of(const std::vector<CLI::App*>& commands) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands) names.push_back(command->get_name());
  return names;
}

// The keys that may stand in the command's table.
std::vector<std::string> keys_of(CLI::App& command) {
  std::vector<std::string> keys;
  for (const CLI::App* app : with_inner(command))
    for (const CLI::Option* option : app->get_options({}))
      if (option->get_configurable() && !option->get_lnames().empty()) keys.push_back(option->get_lnames().front());
  return keys;
}

// A key at the top that is no option of every command: perhaps one of some command, which has its place in its table.
std::string unknown_at_top(const std::string& key, const std::vector<CLI::App*>& commands) {
  for (CLI::App* command : commands)
    if (!owners(*command, key).empty())
      return fmt::format("{0} is not an option of every command: it stands in a table, behind the line [{1}]", key,
                         command->get_name());
  std::vector<std::string> known;
  for (CLI::App* command : commands)
    for (auto& name : keys_of(*command))
      if (is_common(*command, name)) known.push_back(std::move(name));
  if (const std::string meant = did_you_mean(key, known); !meant.empty())
    return fmt::format("{} is no option{}", key, meant);
  for (CLI::App* command : commands)
    if (const std::string meant = nearest_name(key, keys_of(*command)); !meant.empty())
      return fmt::format("{} is no option: did you mean {}, which stands in a table, behind the line [{}]?", key, meant,
                         command->get_name());
  return fmt::format("{} is no option", key);
}

// The value of `key = value` on a line, counted from 1; empty when there is none.
std::string value_on_line(const std::string& text, std::size_t number) {
  std::istringstream lines(text);
  std::string line;
  for (; number > 0 && std::getline(lines, line); --number) {
  }
  const auto equals = line.find('=');
  const auto value = equals == line.npos ? line.npos : line.find_first_not_of(" \t", equals + 1);
  return value == line.npos ? std::string() : line.substr(value);
}

// A name, a path or a time without quotes.
bool lacks_quotes(const std::string& value) {
  const std::string word = value.substr(0, value.find_first_of(" \t\r#"));
  if (word.empty() || word == "true" || word == "false") return false;
  return std::string_view("\"'[{=").find(word.front()) == std::string_view::npos &&
         std::ranges::any_of(word,
                             [](char c) { return is_letter(c) || c == '/' || static_cast<unsigned char>(c) >= 0x80; });
}

std::string text_of_file(const std::string& path) {
  try {
    return read_file(path);
  } catch (const Error& e) {
    throw UsageError(fmt::format("the config file: {}: name another with --config", e.what()));
  }
}

toml::table read(const std::string& path) {
  const std::string text = text_of_file(path);
  if (!is_utf8(text) || text.find('\0') != text.npos)  // the parser names the byte, and not what to do
    throw UsageError(fmt::format("{}: the config file is not in UTF-8: save it as UTF-8", path));
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& e) {
    const auto line = e.source().begin.line;
    throw UsageError(fmt::format(
        "{}:{}: {}{}", path, line, e.description(),
        lacks_quotes(value_on_line(text, line)) ? ": put the value in quotes, as in db = \"store.db\"" : ""));
  }
}

// A command's own table.
void apply_section(const std::string& path, const std::string& name, const toml::table& section, CLI::App& app,
                   Settings& settings) {
  const auto commands = app.get_subcommands({});
  const auto found = std::ranges::find(commands, name, &CLI::App::get_name);
  if (found == commands.end())
    throw UsageError(fmt::format("{}: there is no command {}{}", place(path, section), name,
                                 did_you_mean(name, names_of(commands))));
  for (const auto& [own_name, node] : section) {
    const std::string key(own_name.str());
    refuse_secret(path, key, node);
    const auto takers = owners(**found, key);
    if (takers.empty())
      throw UsageError(
          fmt::format("{}: {} has no option {}{}", place(path, node), name, key, did_you_mean(key, keys_of(**found))));
    for (CLI::App* taker : takers) apply(path, key, node, *taker, settings);
  }
}

// An option that commands share.
void apply_common(const std::string& path, const std::string& key, const toml::node& node, CLI::App& app,
                  Settings& settings) {
  const auto commands = app.get_subcommands({});
  if (std::ranges::none_of(commands, [&](const CLI::App* command) { return is_common(*command, key); }))
    throw UsageError(fmt::format("{}: {}", place(path, node), unknown_at_top(key, commands)));
  for (CLI::App* command : commands)
    if (is_common(*command, key)) apply(path, key, node, *command, settings);
}

// What a store has of its own beside the options that commands share, and tables of commands.
struct StoreKey {
  std::string_view key;
  std::string_view variable;               // of a credential
  std::vector<std::string_view> commands;  // whose option it is
};
const std::vector<StoreKey>& store_keys() {
  static const std::vector<StoreKey> keys{{"client-id", "NAVER_COMMERCE_CLIENT_ID", {}},
                                          {"client-secret-file", "NAVER_COMMERCE_CLIENT_SECRET_FILE", {}},
                                          {"account-id", "NAVER_COMMERCE_ACCOUNT_ID", {}},
                                          {"posts", "", {"package"}},
                                          {"out", "", {"package", "post"}},
                                          {"page", "", {"night"}}};
  return keys;
}

void apply_to_store(const std::string& path, const std::string& key, const toml::node& node, CLI::App& app,
                    std::map<std::string, std::string>& credentials, Settings& settings) {
  refuse_secret(path, key, node);
  if (node.is_table()) return apply_section(path, key, *node.as_table(), app, settings);
  const auto own = std::ranges::find(store_keys(), key, &StoreKey::key);
  if (own == store_keys().end()) return apply_common(path, key, node, app, settings);
  if (!own->variable.empty()) credentials[std::string(own->variable)] = text_of(path, key, node);
  for (const std::string_view command : own->commands)
    for (CLI::App* taker : owners(*app.get_subcommand(std::string(command)), key))
      apply(path, key, node, *taker, settings);
}

// Whose store it is stands in the store's table; who has none says it in the environment.
void refuse_credential(const std::string& path, const std::string& key, const toml::node& node) {
  const auto own = std::ranges::find(store_keys(), key, &StoreKey::key);
  if (own == store_keys().end() || own->variable.empty()) return;
  throw UsageError(
      fmt::format("{}: {} is a store's, and stands in its table, [store.NAME]; without such a table it is "
                  "said by the variable {}",
                  place(path, node), key, own->variable));
}

// One that is nearly named like it; else the same option of a command: PIPELINE_WORKERS is PIPELINE_SYNC_WORKERS.
std::string meant_by(const std::string& name, const std::vector<std::string>& known) {
  if (std::string meant = did_you_mean(name, known); !meant.empty()) return meant;
  const std::string option = name.substr(std::string_view(kPrefix).size() - 1);
  const auto found = std::ranges::find_if(known, [&](const std::string& one) { return one.ends_with(option); });
  return found == known.end() ? "" : fmt::format(": did you mean {}?", *found);
}

// No more than that they are tables: a fault in one store is no other's.
void check_stores(const std::string& path, const toml::table& stores) {
  for (const auto& [name, node] : stores)
    if (!node.is_table())
      throw UsageError(fmt::format("{}: {} is no store: a store is a table [store.NAME]", place(path, node),
                                   std::string_view(name.str())));
}

}  // namespace

void apply_config_file(const std::string& path, CLI::App& app, Settings& settings) {
  const toml::table table = read(path);
  settings.config = path;
  for (const auto& [name, node] : table) {
    const std::string key(name.str());
    refuse_secret(path, key, node);
    refuse_credential(path, key, node);
    if (key == kStores && node.is_table())
      check_stores(path, *node.as_table());
    else if (const auto* section = node.as_table())
      apply_section(path, key, *section, app, settings);
    else
      apply_common(path, key, node, app, settings);
  }
}

std::vector<std::string> own_store_keys() {
  std::vector<std::string> keys;
  for (const StoreKey& own : store_keys()) keys.emplace_back(own.key);
  return keys;
}

std::vector<std::string> store_names(const std::string& path) {
  const toml::table table = read(path);
  std::vector<std::pair<toml::source_index, std::string>> found;  // the parser sorts by name
  if (const auto* stores = table[kStores].as_table())
    for (const auto& [name, node] : *stores) found.emplace_back(name.source().begin.line, name.str());
  std::ranges::sort(found);
  std::vector<std::string> names;
  for (auto& [line, name] : found) names.push_back(std::move(name));
  return names;
}

std::map<std::string, std::string> store_values(const std::string& path, const std::string& store) {
  const toml::table table = read(path);
  std::map<std::string, std::string> found;
  if (const toml::table* const values = table[kStores][store].as_table())
    for (const auto& [name, node] : *values)
      if (!node.is_table() && name.str() != "client-secret")
        found[std::string(name.str())] = text_of(path, std::string(name.str()), node);
  return found;
}

std::map<std::string, std::string> apply_store(const std::string& path, const std::string& store, CLI::App& app,
                                               Settings& settings) {
  const toml::table table = read(path);
  const toml::table* const values = table[kStores][store].as_table();
  if (values == nullptr)
    throw UsageError(fmt::format("{}: there is no store {}{}: a store is a table [store.NAME]", path, store,
                                 did_you_mean(store, store_names(path))));
  std::map<std::string, std::string> credentials;
  for (const auto& [name, node] : *values)
    apply_to_store(path, std::string(name.str()), node, app, credentials, settings);
  return credentials;
}

bool config_says(const std::string& path, std::string_view command, std::string_view key) noexcept {
  try {
    return static_cast<bool>(read(path)[command][key]);
  } catch (...) {
    return false;
  }
}

std::optional<std::string> config_value(const std::string& path, const std::string& key) noexcept {
  try {
    const toml::table table = read(path);
    const toml::node* node = table.get(key);
    return node == nullptr ? std::nullopt : std::optional(text_of(path, key, *node));
  } catch (...) {
    return std::nullopt;
  }
}

void for_each_variable(CLI::App& command, const std::function<void(CLI::Option&, const std::string& variable)>& use) {
  for (CLI::App* app : with_inner(command))
    for (CLI::Option* option : app->get_options({})) {
      if (!option->get_configurable() || option->get_lnames().empty()) continue;
      const bool is_common = option->get_group() == kCommonGroup;
      std::string name = kPrefix + (is_common ? "" : command.get_name() + "_") + option->get_lnames().front();
      for (char& c : name) c = c == '-' ? '_' : to_upper(c);
      use(*option, name);
    }
}

void apply_environment(const Environment& environment, CLI::App& root, Settings& settings) {
  for (CLI::App* command : root.get_subcommands({}))
    for_each_variable(*command, [&](CLI::Option& option, const std::string& variable) {
      const auto value = environment(variable);
      if (!value || value->empty()) return;
      const bool is_other = default_of(option) != *value;
      try {
        set_default(option, *value);
      } catch (const UsageError& e) {
        throw UsageError(fmt::format("{}: {}", variable, e.what()));
      }
      if (is_other) settings.note({name_of(option, *command), *value, variable});
    });
}

std::vector<std::string> stray_variables(const std::vector<std::string>& names, CLI::App& root) {
  std::vector<std::string> known{kConfig};
  for (CLI::App* command : root.get_subcommands({}))
    for_each_variable(*command, [&](const CLI::Option&, const std::string& variable) { known.push_back(variable); });
  std::vector<std::string> strays;
  for (const std::string& name : names)
    if (name.starts_with(kPrefix) && std::ranges::find(known, name) == known.end())
      strays.push_back(
          fmt::format("the variable {} has no effect: no option has that name{}", name, meant_by(name, known)));
  return strays;
}

}  // namespace pipeline::cli
