#include "manual.h"

#include "pipeline/base/ascii.h"

#include "roff.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace pipeline::cli {
namespace {

using roff::bold;
using roff::filled;
using roff::italic;

using Options = std::vector<const OptionText*>;

constexpr const char* kConfigExample =
    "db = \"/var/lib/pipeline/store.db\"\n"
    "metrics-dir = \"/var/lib/pipeline/metrics\"\n"
    "log-format = \"json\"\n"
    "\n"
    "[sync]\n"
    "deadline = \"6h\"\n"
    "status = [\"SALE\", \"OUTOFSTOCK\", \"SUSPENSION\"]\n"
    "\n"
    "[package]\n"
    "posts = \"/srv/posts\"\n"
    "out = \"/srv/packages\"\n";

// What a store's table has beside the options of commands: key, type, meaning.
constexpr std::array<std::array<const char*, 3>, 6> kStoreKeys{
    {{"client-id", "ID",
      "Of its application. Where one of these three stands, the environment's credentials do not count."},
     {"client-secret-file", "FILE", "Has its application's secret; the secret itself in the config file is refused."},
     {"account-id", "ID", "Of a seller's store other than the application's own."},
     {"posts", "DIR", "The folder of all its posts."},
     {"out", "DIR", "Where its packages go."},
     {"page", "FILE", "The page that its night writes."}}};

// `queue list` has the page pipeline-queue-list.
std::string page_name(std::string_view command) {
  std::string name = command.empty() ? "pipeline" : fmt::format("pipeline-{}", command);
  std::ranges::replace(name, ' ', '-');
  return name;
}

std::string reference(std::string_view page, int section) {
  return fmt::format("{}({})", bold(page), section);
}

std::string head(const std::string& name, int section, const Edition& edition, std::string_view title) {
  return fmt::format(
      ".\\\" -*- coding: utf-8 -*-\n"
      ".\\\" Made by `pipeline generate` from the table of commands.\n"
      ".TH {} {} {} \"pipeline {}\" \"pipeline manual\"\n"
      ".nh\n"
      ".ad l\n"
      ".SH NAME\n"
      "{} \\- {}\n",
      roff::plain(to_upper(name)), section, edition.date, roff::plain(edition.version), roff::plain(name),
      roff::plain(title));
}

// `10` as it is, `10%, at least 10` as it is, too: the default is told behind the description.
std::string sentence_of(const OptionText& option) {
  std::string text = option.description;
  const bool lists_them = std::ranges::all_of(option.words, [&](const std::string& word) {
    return option.type.find(word) != option.type.npos || text.find(word) != text.npos;
  });
  if (!lists_them)
    text += fmt::format("; {} of {}", option.values == Values::list ? "any" : "one", fmt::join(option.words, ", "));
  if (!text.ends_with('.')) text += '.';
  if (option.required) text += " Has to be said.";
  if (option.repeats && option.is_argument()) text += " Several may be given.";
  if (!option.standard.empty()) text += fmt::format(" Default: {}.", option.standard);
  return text;
}

std::string names_of(const OptionText& option) {
  if (option.is_argument()) return italic(option.type) + (option.repeats ? "..." : "");
  std::string names;
  for (const std::string& name : option.names) names += (names.empty() ? "" : ", ") + bold(name);
  return names + (option.type.empty() ? "" : " " + italic(option.type));
}

std::string option_list(const Options& options) {
  std::string text;
  for (const OptionText* option : options)
    text += fmt::format(".TP\n{}\n{}", names_of(*option), filled(sentence_of(*option)));
  return text;
}

Options those(const std::vector<OptionText>& options, auto&& wanted) {
  Options found;
  for (const OptionText& option : options)
    if (wanted(option)) found.push_back(&option);
  return found;
}

std::string section_of(const char* title, const Options& options) {
  return options.empty() ? "" : fmt::format(".SH {}\n", title) + option_list(options);
}

std::string option_sections(const std::vector<OptionText>& options) {
  return section_of("ARGUMENTS", those(options, [](const auto& one) { return one.is_argument(); })) +
         section_of("OPTIONS", those(options, [](const auto& one) { return !one.is_argument() && !one.common; })) +
         section_of("COMMON OPTIONS", those(options, [](const auto& one) { return one.common; }));
}

std::string synopsis_of(const CommandText& command) {
  std::string text = bold("pipeline " + command.name);
  if (command.is_group) text += " " + italic("COMMAND");
  for (const OptionText& option : command.options)
    if (option.is_argument() && option.required)
      text += " " + names_of(option);
    else if (option.is_argument())
      text += fmt::format(" [{}]", names_of(option));
  for (const OptionText& option : command.options)
    if (!option.is_argument() && option.required)
      text += fmt::format(" {} {}", bold(option.names.back()), italic(option.type));
  return fmt::format(".SH SYNOPSIS\n{} [{}]...\n", text, italic("OPTION"));
}

// `Exit codes: 0 all done; 1 failed; …`, one by one.
std::vector<std::pair<std::string, std::string>> exit_codes_of(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> codes;
  std::string line(text.substr(text.find(':') + 1));
  std::ranges::replace(line, '\n', ' ');
  for (std::string_view rest = line; !rest.empty();) {
    const std::size_t end = rest.find(';');
    const std::string_view one = trim(rest.substr(0, end));
    const std::size_t space = one.find(' ');
    codes.emplace_back(one.substr(0, space), one.substr(space + 1));
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  return codes;
}

std::string exit_section(const ProgramText& program) {
  std::string text = ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : exit_codes_of(program.exit_codes))
    text += fmt::format(".TP\n{}\n{}", bold(code), filled(meaning));
  return text;
}

std::string environment_section(const CommandText& command) {
  std::string own;
  std::string common;
  for (const OptionText& option : command.options) {
    if (option.variable.empty()) continue;
    std::string& names = option.common ? common : own;
    names += (names.empty() ? "" : ",\n") + bold(option.variable);
  }
  if (own.empty() && common.empty()) return {};
  std::string text =
      ".SH ENVIRONMENT\nEach is what an option is when the command line does not say it, before the config file:\n";
  if (!own.empty()) text += ".PP\n" + own + "\n";
  if (!common.empty()) text += ".PP\nThe common ones are\n" + common + "\n";
  return text;
}

std::string examples_section(const std::string& examples) {
  return examples.empty() ? "" : ".SH EXAMPLES\n" + roff::example(examples);
}

std::string see_also(const std::vector<std::pair<std::string, int>>& pages) {
  std::string text = ".SH SEE ALSO\n";
  for (std::size_t i = 0; i < pages.size(); ++i)
    text += reference(pages[i].first, pages[i].second) + (i + 1 < pages.size() ? ",\n" : "\n");
  return text;
}

// The commands of a group, or all that stand at the top.
std::string command_list(const ProgramText& program, const CommandText* group) {
  std::string text = ".SH COMMANDS\n";
  for (const CommandText& command : program.commands) {
    const bool belongs = group == nullptr ? command.name.find(' ') == command.name.npos : command.is_in(*group);
    if (belongs) text += fmt::format(".TP\n{}\n{}", reference(page_name(command.name), 1), filled(command.help + "."));
  }
  return text;
}

Page page_of(const ProgramText& program, const CommandText& command, const Edition& edition) {
  const std::string name = page_name(command.name);
  std::string text = head(name, 1, edition, command.help) + synopsis_of(command) + ".SH DESCRIPTION\n" +
                     roff::paragraphs(command.help + ".\n\n" + command.notes);
  if (command.is_group) text += command_list(program, &command);
  text += option_sections(command.options) + environment_section(command) + exit_section(program) +
          examples_section(command.examples);
  std::vector<std::pair<std::string, int>> pages{{"pipeline", 1}};
  for (const CommandText& group : program.commands)
    if (group.is_group && command.is_in(group)) pages.emplace_back(page_name(group.name), 1);
  pages.emplace_back("pipeline.toml", 5);
  return {name + ".1", text + see_also(pages)};
}

Page program_page(const ProgramText& program, const Edition& edition) {
  std::string text = head("pipeline", 1, edition, "SmartStore catalogue, refresh queue and upload packages");
  text += fmt::format(".SH SYNOPSIS\n{} {} [{}]...\n.SH DESCRIPTION\n", bold("pipeline"), italic("COMMAND"),
                      italic("OPTION"));
  text += roff::paragraphs(program.description) + command_list(program, nullptr) + option_sections(program.options);
  text +=
      ".SH ENVIRONMENT\n" + filled(
                                "Each option may stand in the environment and in a config file as well; the page of a "
                                "command names its variables. `PIPELINE_CONFIG` names the config file.");
  text += exit_section(program) + examples_section(program.examples);
  std::vector<std::pair<std::string, int>> pages;
  for (const CommandText& command : program.commands) pages.emplace_back(page_name(command.name), 1);
  pages.emplace_back("pipeline.toml", 5);
  return {"pipeline.1", text + see_also(pages)};
}

// A key of the config file, and the commands that have it.
struct Key {
  const OptionText* option;
  std::vector<std::string> commands;
};
using Keys = std::vector<Key>;

void add_key(const OptionText& option, const std::string& command, Keys& keys) {
  const auto found = std::ranges::find_if(keys, [&](const Key& key) { return key.option->key == option.key; });
  if (found == keys.end())
    keys.push_back({&option, {command}});
  else
    found->commands.push_back(command);
}

// By its table: at the top of the file, or that of a command, which a group shares with its own.
std::string table_of(const CommandText& command, const OptionText& option) {
  return option.common ? "" : command.name.substr(0, command.name.find(' '));
}

std::string key_list(const Keys& keys, const std::string& table, std::size_t of_all) {
  std::string text;
  for (const auto& [option, commands] : keys) {
    const std::string type = option->type.empty() ? "true|false" : option->type;
    std::string sentence = sentence_of(*option);
    const bool is_shared = table.empty() ? commands.size() == of_all : commands == std::vector{table};
    if (!is_shared) sentence += fmt::format(" Of {}.", fmt::join(commands, ", "));
    text += fmt::format(".TP\n{} = {}\n{}", bold(option->key), italic(type), filled(sentence));
    if (!option->variable.empty()) text += fmt::format(".br\nIn the environment: {}\n", bold(option->variable));
  }
  return text;
}

Page config_page(const ProgramText& program, const Edition& edition) {
  std::map<std::string, Keys> tables;
  std::vector<std::string> order;
  std::size_t commands = 0;
  for (const CommandText& command : program.commands) {
    if (command.is_group) continue;  // its options stand with its commands
    ++commands;
    for (const OptionText& option : command.options) {
      if (option.key.empty()) continue;
      const std::string table = table_of(command, option);
      if (!tables.contains(table)) order.push_back(table);
      add_key(option, command.name, tables[table]);
    }
  }
  std::string text = head("pipeline.toml", 5, edition, "config file of pipeline");
  text += fmt::format(".SH SYNOPSIS\n{} {}\n.br\n{}{}\n.SH DESCRIPTION\n", bold("pipeline --config"), italic("FILE"),
                      bold("PIPELINE_CONFIG="), italic("FILE"));
  text += roff::paragraphs(
      "The file is TOML, in UTF-8. It says what options are when the command line does not: the common ones at its "
      "top, a "
      "command's own in the table of its name, those of `queue list` in `[queue]`. The command line goes before the "
      "environment, the environment before the file.\n\n"
      "Times have a unit, and quotes: `\"90s\"`, `\"30m\"`, `\"6h\"`. Lists may be written as such. A key that nothing "
      "knows is refused, with the one it may have been meant to be.\n\n"
      "A secret never stands here, but in a file that only its user may read: see `pipeline-sync`(1).\n");
  std::ranges::stable_sort(order, [](const auto& a, const auto& b) { return a.empty() && !b.empty(); });
  for (const std::string& table : order)
    text += fmt::format(".SH {}\n", table.empty() ? "AT THE TOP" : fmt::format("[{}]", table)) +
            key_list(tables[table], table, commands);
  text += ".SH [store.NAME]\n" +
          roff::paragraphs(
              "What is one store's own, for `--store` NAME and `--all`: each key of the top, a table "
              "`[store.NAME.COMMAND]` for each command's own, and\n");
  for (const auto& [key, type, meaning] : kStoreKeys)
    text += fmt::format(".TP\n{} = {}\n{}", bold(key), italic(type), filled(meaning));
  text += examples_section(kConfigExample) + see_also({{"pipeline", 1}, {"pipeline-sync", 1}});
  return {"pipeline.toml.5", text};
}

}  // namespace

std::vector<Page> manual_pages(const ProgramText& program, const Edition& edition) {
  std::vector<Page> pages{program_page(program, edition)};
  for (const CommandText& command : program.commands) pages.push_back(page_of(program, command, edition));
  pages.push_back(config_page(program, edition));
  return pages;
}

}  // namespace pipeline::cli
