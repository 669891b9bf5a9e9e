#include "environment.h"

#include "pipeline/base/error.h"
#include "pipeline/base/spelling.h"

#include "command_groups.h"
#include "option_kit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace pipeline::cli {
namespace {

constexpr const char* kPrefix = "PIPELINE_";
constexpr const char* kConfig = "PIPELINE_CONFIG";  // read before all others

std::string variable_of(const CLI::Option& option, const std::string& command) {
  std::string name = kPrefix + (option.get_group() == kCommonGroup ? "" : command + "_") + option.get_lnames().front();
  for (char& c : name) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

// Each option that has a variable, of a command and those within it.
template <typename App, typename Use>
void for_each_variable(App& app, const std::string& command, const Use& use) {
  for (auto* option : app.get_options({}))
    if (option->get_configurable() && !option->get_lnames().empty()) use(*option, variable_of(*option, command));
  for (auto* within : app.get_subcommands({})) for_each_variable(*within, command, use);
}

}  // namespace

void apply_environment(const Environment& environment, CLI::App& root) {
  for (CLI::App* command : root.get_subcommands({}))
    for_each_variable(*command, command->get_name(), [&](CLI::Option& option, const std::string& variable) {
      const auto value = environment(variable);
      if (!value || value->empty()) return;
      try {
        set_default(option, *value);
      } catch (const UsageError& e) {
        throw UsageError(fmt::format("{}: {}", variable, e.what()));
      }
    });
}

std::vector<std::string> stray_variables(const std::vector<std::string>& names, const CLI::App& root) {
  std::vector<std::string> known{kConfig};
  for (const CLI::App* command : root.get_subcommands({}))
    for_each_variable(*command, command->get_name(),
                      [&](const CLI::Option&, const std::string& variable) { known.push_back(variable); });
  std::vector<std::string> strays;
  for (const std::string& name : names)
    if (name.starts_with(kPrefix) && std::ranges::find(known, name) == known.end())
      strays.push_back(
          fmt::format("the variable {} has no effect: no option has that name{}", name, did_you_mean(name, known)));
  return strays;
}

}  // namespace pipeline::cli
