#include "command_text.h"

#include "command.h"
#include "defaults.h"
#include "option_kit.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace pipeline::cli {
namespace {

using Variables = std::map<const CLI::Option*, std::string>;

bool is_flag(const CLI::Option& option) {
  return !option.get_positional() && option.get_expected_min() == 0;
}

Values values_of(const CLI::Option& option, const OptionText& text) {
  if (is_flag(option)) return Values::none;
  if (!text.words.empty()) return option.get_delimiter() == ',' ? Values::list : Values::words;
  if (std::ranges::find(text.names, "--store") != text.names.end()) return Values::stores;
  const std::string_view type = text.type;
  if (type == "CONTENT_ID") return Values::content_ids;
  if (type == "DIR" || type == "POST") return Values::folder;
  if (type.starts_with("FILE") || type.ends_with(".csv") || type == "BASE" || type == "NEW") return Values::file;
  return Values::any;
}

OptionText text_of(CLI::Option& option, const Variables& variables) {
  OptionText text;
  for (const std::string& name : option.get_snames()) text.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) text.names.push_back("--" + name);
  text.type = option.get_positional() ? option.get_name(true) : is_flag(option) ? "" : option.get_type_name();
  text.description = option.get_description();
  text.standard = is_flag(option) ? "" : option.get_default_str();
  text.words = words_of(option);
  text.values = values_of(option, text);
  if (option.get_configurable() && !option.get_lnames().empty()) text.key = option.get_lnames().front();
  if (const auto found = variables.find(&option); found != variables.end()) text.variable = found->second;
  text.common = option.get_group() == kCommonGroup;
  text.required = option.get_required();
  text.repeats = option.get_expected_max() > 1;
  return text;
}

void add_options(CLI::App& app, const Variables& variables, std::vector<OptionText>& options) {
  for (CLI::Option* option : app.get_options({})) options.push_back(text_of(*option, variables));
}

// A group's options stand behind its commands as well, each behind those that have it.
void add_group_options(CLI::App& group, const Entry& entry, const Variables& variables,
                       std::vector<OptionText>& options) {
  for (CLI::Option* option : group.get_options({}))
    if (option != group.get_help_ptr() && has_shared(entry.traits, option->get_name()))
      options.push_back(text_of(*option, variables));
}

CommandText text_of(CLI::App& root, const Entry& entry, const Variables& variables) {
  CommandText text;
  text.name = entry.name;
  text.help = entry.help;
  text.is_group = entry.make == nullptr;
  if (entry.make != nullptr) {
    const auto command = entry.make();
    const HelpText help = command->help();
    text.notes = help.notes;
    text.examples = help.examples;
  }
  const std::size_t space = text.name.find(' ');
  CLI::App& outer = *root.get_subcommand(text.name.substr(0, space));
  if (space == text.name.npos) {
    add_options(outer, variables, text.options);
  } else {
    add_options(*outer.get_subcommand(text.name.substr(space + 1)), variables, text.options);
    add_group_options(outer, entry, variables, text.options);
  }
  return text;
}

}  // namespace

std::vector<OptionText> option_texts(CLI::App& root) {
  std::vector<OptionText> options;
  add_options(root, {}, options);
  return options;
}

std::vector<CommandText> command_texts(CLI::App& root) {
  Variables variables;
  for (CLI::App* command : root.get_subcommands({}))
    for_each_variable(*command,
                      [&](const CLI::Option& option, const std::string& name) { variables.emplace(&option, name); });
  std::vector<CommandText> texts;
  for (const Entry& entry : commands()) texts.push_back(text_of(root, entry, variables));
  return texts;
}

}  // namespace pipeline::cli
