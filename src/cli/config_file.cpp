#include "config_file.h"

#include "pipeline/base/error.h"

#include "command_groups.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <vector>

namespace pipeline::cli {
namespace {

std::string place(const std::string& path, const toml::node& node) {
  return fmt::format("{}:{}", path, node.source().begin.line);
}

// The value as it would stand on the command line; lists are joined by commas.
std::string text_of(const std::string& path, const std::string& key, const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* date = node.as_date())
    return fmt::format("{:04}-{:02}-{:02}", date->get().year, date->get().month, date->get().day);
  if (const auto* list = node.as_array()) {
    std::string joined;
    for (const auto& entry : *list) joined += (joined.empty() ? "" : ",") + text_of(path, key, entry);
    return joined;
  }
  throw UsageError(fmt::format("{}: {} has a type no option takes", place(path, node), key));
}

void apply(const std::string& path, const std::string& key, const toml::node& node, CLI::App& command) {
  CLI::Option* option = command.get_option_no_throw("--" + key);
  try {
    option->run_callback_for_default()->default_val(text_of(path, key, node));
  } catch (const CLI::Error& e) {
    throw UsageError(fmt::format("{}: {}: {}", place(path, node), key, e.what()));
  }
}

bool is_common(const CLI::App& command, const std::string& key) {
  const CLI::Option* option = command.get_option_no_throw("--" + key);
  return option != nullptr && option->get_group() == kCommonGroup && option->get_configurable();
}

// The command itself and those within it that have such an option: `[queue] lease` is for whichever of them takes one.
std::vector<CLI::App*> owners(CLI::App& command, const std::string& key) {
  std::vector<CLI::App*> found = command.get_subcommands([](CLI::App*) { return true; });
  found.push_back(&command);
  std::erase_if(found, [&](const CLI::App* app) {
    const CLI::Option* option = app->get_option_no_throw("--" + key);
    return option == nullptr || !option->get_configurable();
  });
  return found;
}

}  // namespace

void apply_config_file(const std::string& path, CLI::App& app) {
  toml::table table;
  try {
    table = toml::parse_file(path);
  } catch (const toml::parse_error& e) {
    throw UsageError(fmt::format("{}:{}: {}", path, e.source().begin.line, e.description()));
  }
  const auto commands = app.get_subcommands([](CLI::App*) { return true; });
  for (const auto& [name, node] : table) {
    const std::string key(name.str());
    if (const auto* section = node.as_table()) {
      const auto found = std::ranges::find(commands, key, &CLI::App::get_name);
      if (found == commands.end()) throw UsageError(fmt::format("{}: there is no command {}", place(path, node), key));
      for (const auto& [own_name, own_node] : *section) {
        const std::string own_key(own_name.str());
        const auto takers = owners(**found, own_key);
        if (takers.empty())
          throw UsageError(fmt::format("{}: {} has no option {}", place(path, own_node), key, own_key));
        for (CLI::App* taker : takers) apply(path, own_key, own_node, *taker);
      }
      continue;
    }
    for (CLI::App* command : commands) {
      if (!is_common(*command, key))
        throw UsageError(
            fmt::format("{}: {} is not an option of every command; a command's own stand in its table, e.g. [sync]",
                        place(path, node), key));
      apply(path, key, node, *command);
    }
  }
}

}  // namespace pipeline::cli
