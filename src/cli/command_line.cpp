#include "command_line.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/error.h"
#include "pipeline/base/spelling.h"
#include "pipeline/base/trace_id.h"

#include "defaults.h"
#include "language.h"
#include "option_kit.h"
#include "version_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <sstream>
#include <utility>

namespace pipeline::cli {
namespace {

// The foot of every help, before the examples.
constexpr const char* kExitCodes =
    "Exit codes: 0 all done; 1 failed; 2 wrong usage, config or credentials; 3 done in part, each failure named;\n"
    "4 done, but over budget or regressed; 75 try later: lock held, quota used up, or server down;\n"
    "130/143 interrupted, what had arrived is saved.\n";

constexpr const char* kExamples =
    "pipeline sync --db store.db\n"
    "pipeline package --from-queue --posts posts --db store.db\n"
    "pipeline report html --out page.html --db store.db\n";

// The config file has to be known before the rest is parsed, since its values are the options' defaults.
std::optional<std::string> value_behind(int argc, const char* const* argv, std::string_view option) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == option && i + 1 < argc) return argv[i + 1];
    if (argument.starts_with(option) && argument.substr(option.size()).starts_with('='))
      return std::string(argument.substr(option.size() + 1));
  }
  return std::nullopt;
}

std::optional<std::string> find_config(int argc, const char* const* argv, const Environment& environment) {
  if (auto file = value_behind(argc, argv, "--config")) return file;
  auto named = environment("PIPELINE_CONFIG");
  return named && !named->empty() ? std::move(named) : std::nullopt;
}

// The command that was named, or the innermost of them, with the names that lead to it.
struct Named {
  const CLI::App& app;
  std::string path;  // of its parents
};
Named innermost(const CLI::App& app, const std::string& path = {}) {
  const auto named = app.get_subcommands();
  if (named.empty()) return {app, path};
  return innermost(*named.front(), path.empty() ? app.get_name() : path + " " + app.get_name());
}

// The options of a command, and of those it is within, since they may stand behind its name too.
std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent())
    for (const CLI::Option* option : at->get_options({}))
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string unknown_option(const CLI::App& root, const CLI::App& app, const std::string& path,
                           const std::string& argument) {
  const std::string option = argument.substr(0, argument.find('='));
  const auto known = options_of(app);
  if (std::ranges::find(known, option) != known.end())
    return fmt::format("{0} stands behind the command: pipeline {1} {0}", option, path);
  const std::string subject = path.empty() ? "pipeline" : path;
  const std::string meant = did_you_mean("--" + option.substr(option.find_first_not_of('-')), known);
  if (!meant.empty()) return fmt::format("{} has no option {}{}", subject, option, meant);
  for (const CLI::App* command : commands_of(root))
    if (command->get_option_no_throw(option) != nullptr)
      return fmt::format("{0} has no option {1}: {2} has, as in pipeline {2} {1}", subject, option,
                         command->get_name());
  return fmt::format("{} has no option {}", subject, option);
}

// What was not understood, and what it may have been meant to be.
std::string unknown_argument(const CLI::App& root, const CLI::App& app, const std::string& path,
                             const std::string& argument) {
  if (argument.size() > 1 && argument.find_first_not_of('-') != argument.npos && argument.starts_with('-'))
    return unknown_option(root, app, path, argument);
  std::vector<std::string> names;
  for (const CLI::App* command : commands_of(app)) names.push_back(command->get_name());
  if (!names.empty())
    return fmt::format("there is no command {}{}{}{}", path, path.empty() ? "" : " ", argument,
                       did_you_mean(argument, names));
  return fmt::format("{}: {} is one argument too many", path, argument);
}

// Which command it may be, of one that is made of several.
std::string missing_command(const CLI::App& app, const std::string& path) {
  std::string names;
  const auto commands = commands_of(app);
  for (const CLI::App* command : commands)
    names += (names.empty() ? "" : command == commands.back() ? " or " : ", ") + command->get_name();
  return fmt::format("{}{}a command is missing: {}", path, path.empty() ? "" : ": ", names);
}

// What CLI11 found, in words of ours where its own are not plain.
std::string what_is_wrong(const CLI::App& app, const std::string& path, const CLI::ParseError& error) {
  const bool lacks_command = !commands_of(app).empty() && dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  return lacks_command ? missing_command(app, path) : error.what();
}

// `path`: as the command is called, without the program's name: `queue list`.
UsageError wrong_call(const CLI::App& root, const CLI::ParseError& error) {
  const auto [app, parents] = innermost(root);
  const std::string called = parents.empty() ? app.get_name() : parents + " " + app.get_name();
  const std::string path = parents.empty() ? "" : called.substr(root.get_name().size() + 1);
  const auto unknown = root.remaining(true);
  return UsageError(fmt::format(
      "{}\n`{} --help` shows the usage",
      unknown.empty() ? what_is_wrong(app, path, error) : unknown_argument(root, app, path, unknown.front()), called));
}

// What is one store's would be written over by the next, or mixed with what is the next one's.
void check_fits_all(const CLI::App& line) {
  for (const char* const option : {"--store", "--db", "--metrics-dir", "--prometheus", "--page", "--out", "--posts"})
    if (is_on_command_line(line, option))
      throw UsageError(fmt::format(
          "{} is one store's, and --all means each: put it into the stores' tables of the config file", option));
}

// A file or folder without a name: a variable of a script that is not set. It would be the folder one is in.
void check_paths(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const std::string type = option->get_type_name();
    const bool is_path = type == "FILE" || type == "DIR";
    if (is_path && std::ranges::find(option->results(), "") != option->results().end())
      throw CLI::ValidationError(option->get_name(), "is empty");
  }
}

// CLI11 puts two empty lines between some parts, and one at the end.
std::string help_of(const CLI::App& app, const std::string& path, const Language& language) {
  std::string help;
  std::istringstream lines(app.help(path));
  for (std::string line; std::getline(lines, line); help += '\n')  // the headings are CLI11's
    help += line.ends_with(':') && !line.starts_with(' ') ? language.text(line) : line;
  for (std::size_t at = 0; (at = help.find("\n\n\n", at)) != help.npos;) help.erase(at, 1);
  while (help.ends_with("\n\n")) help.pop_back();
  return help;
}

// `PIPELINE_QUEUE_LOCK_WAIT, _WORKER`: the variables of a group's commands.
std::string variables_of(CLI::App& group) {
  const std::size_t prefix = std::string_view("PIPELINE").size() + 1 + group.get_name().size();
  std::vector<std::string> names;
  for_each_variable(group, [&](const CLI::Option& option, const std::string& variable) {
    if (option.get_group() == kCommonGroup) return;
    const std::string name = variable.substr(prefix);
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  });
  return fmt::format("PIPELINE_{}{}", to_upper(group.get_name()), fmt::join(names, ", "));
}

std::string footer_of(const Language& language, const std::string& notes, const std::string& examples) {
  std::string footer =
      notes + (notes.empty() ? "" : "\n") + language.text(kExitCodes) + "\n" + language.text("Examples:") + "\n";
  for (std::size_t at = 0; at < examples.size();) {
    const std::size_t end = examples.find('\n', at) + 1;
    footer += "  " + examples.substr(at, end - at);
    at = end;
  }
  return footer;
}

// All commands with all their options, made from the table.
class Tree {
 public:
  struct Leaf {
    const Entry& entry;
    std::unique_ptr<Command> command;
    CLI::App& app;
  };
  struct Group {
    CLI::App& app;
    unsigned traits = 0;  // of all its commands
    CommonOptions common;
    std::string examples;
  };

  explicit Tree(const Language& language) : language_(language) {
    root.require_subcommand(1);
    root.formatter(std::make_shared<HelpFormatter>());
    root.get_formatter()->column_width(32);
    root.set_version_flag("--version", version_line(), "The version; with --json those of schema and libraries, too");
    root.footer(
        footer_of(language_, language_.text("`pipeline COMMAND --help` shows a command's options.\n"), kExamples));
    for (const Entry& entry : commands())
      if (entry.make == nullptr)
        add_group(entry);
      else
        add_command(entry);
    for (Group& group : groups) complete(group);
    translate(root);
  }

  // The command that was called, with its options.
  [[nodiscard]] Call called(const Settings& settings) {
    const auto leaf = std::ranges::find_if(leaves, [](const Leaf& one) { return one.app.parsed(); });
    Command& command = *leaf->command;
    if (Group* group = group_of(leaf->entry)) {
      for (const CLI::Option* option : group->app.get_options({}))
        if (option->count() > 0 && !has_shared(leaf->entry.traits, option->get_name()))
          throw CLI::ValidationError(fmt::format("{} has no option {}", leaf->entry.name, option->get_name()));
      command.common = group->common;
    }
    check_paths(leaf->app);
    if (const Group* group = group_of(leaf->entry)) check_paths(group->app);
    command.look_around(settings, [this](std::string_view name) {
      return std::move(
          std::ranges::find(leaves, name, [](const Leaf& one) { return std::string_view(one.entry.name); })->command);
    });
    command.check(root);
    auto& common = command.common;  // a set of no budget, unless it is on the line, does not fit the call
    if (common.budget.empty() && !is_on_command_line(root, "--budget-set")) common.budget_sets.clear();
    return {&leaf->entry, std::move(leaf->command), {}};
  }

  CLI::App root{
      "Brings a SmartStore catalogue into a local database, notices what changed, builds the posts' upload packages,\n"
      "and measures every stage.",
      "pipeline"};
  std::vector<Leaf> leaves;
  std::deque<Group> groups;

 private:
  // Options and their descriptions; notes and examples are put together in the language already.
  void translate(CLI::App& app) const {
    if (language_.is_english()) return;
    app.description(language_.text(app.get_description()));
    for (CLI::Option* option : app.get_options()) option->description(language_.text(option->get_description()));
    for (CLI::App* command : app.get_subcommands({})) translate(*command);
    app.get_formatter()->label("Usage", language_.text("Usage"));
    app.get_formatter()->label("OPTIONS", language_.text("OPTIONS"));
    app.get_formatter()->label("SUBCOMMAND", language_.text("SUBCOMMAND"));
  }

  [[nodiscard]] Group* group_of(const Entry& entry) {
    for (Group& group : groups)
      if (std::string_view(entry.name).starts_with(group.app.get_name() + " ")) return &group;
    return nullptr;
  }

  void add_group(const Entry& entry) {
    CLI::App* app = root.add_subcommand(entry.name, entry.help);
    app->require_subcommand(1);
    groups.push_back({.app = *app, .common = {}, .examples = {}});
  }

  void add_command(const Entry& entry) {
    auto command = entry.make();
    const HelpText help = command->help();
    const std::string name = entry.name;
    Group* const group = group_of(entry);
    CLI::App& app = *(group == nullptr ? root : group->app).add_subcommand(name.substr(name.find(' ') + 1), entry.help);
    command->add_options(app);
    std::string notes = language_.text(help.notes);
    if (group == nullptr) {
      add_shared(app, command->common, entry.traits);
      notes += language_.text(fmt::format(
          "Environment: each option may stand as PIPELINE_{}_<OPTION>, the common ones as PIPELINE_<OPTION>.\n",
          to_upper(name)));
    } else {
      app.fallthrough();
      group->traits |= entry.traits;
      if (group->app.get_subcommands({}).size() <= 3)
        group->examples += std::string(help.examples, 0, std::string_view(help.examples).find('\n') + 1);
      notes += language_.text(fmt::format("The options of all of them{}: `pipeline {} --help`.\n",
                                          (entry.traits & kBudget) != 0 ? "" : ", but for --budget and --budget-set",
                                          group->app.get_name()));
    }
    app.footer(footer_of(language_, notes, help.examples));
    complete_options(app);
    leaves.push_back({entry, std::move(command), app});
  }

  void complete(Group& group) const {
    add_shared(group.app, group.common, group.traits);
    const std::string notes = language_.text(fmt::format(
        "`pipeline {} COMMAND --help` shows a command's options; those above may stand before or behind its "
        "name.\nEnvironment: {}; the common ones as PIPELINE_<OPTION>.\n",
        group.app.get_name(), variables_of(group.app)));
    group.app.footer(footer_of(language_, notes, group.examples));
    complete_options(group.app);
  }

  const Language& language_;
};

}  // namespace

Call parse_command_line(int argc, const char* const* argv, const Environment& environment) {
  const Language language(language_of(manner_of(argc, argv, environment).language));
  Tree tree(language);
  Settings settings;
  try {
    const auto config = find_config(argc, argv, environment);
    if (config) apply_config_file(*config, tree.root, settings);
    apply_environment(environment, tree.root, settings);
    std::map<std::string, std::string> credentials;
    if (const auto store = value_behind(argc, argv, "--store")) {
      if (!config) throw UsageError("--store names a store of a config file: name the file with --config");
      credentials =
          apply_store(*config, *store, tree.root, settings);  // says more of what is meant than the environment does
    }
    tree.root.parse(argc, argv);
    Call call = tree.called(settings);
    auto& common = call.command->common;
    common.config = config.value_or("");
    common.store_credentials = std::move(credentials);
    if (common.all_stores) check_fits_all(tree.root);
    if (common.all_stores && !config)
      throw UsageError("--all means the stores of a config file: name it with --config");
    return call;
  } catch (const CLI::CallForHelp&) {
    const auto [named, path] = innermost(tree.root);
    return {.command = nullptr, .text = help_of(named, path, language)};
  } catch (const CLI::CallForVersion&) {
    const bool json = manner_of(argc, argv, environment).json;
    return {.command = nullptr, .text = json ? version_document() : version_line() + "\n"};
  } catch (const CLI::ParseError& e) {
    throw wrong_call(tree.root, e);
  }
}

ProgramText program_text() {
  const Language english;
  Tree tree(english);
  return {.description = tree.root.get_description(),
          .exit_codes = kExitCodes,
          .examples = kExamples,
          .options = option_texts(tree.root),
          .commands = command_texts(tree.root)};
}

std::vector<std::string> stray_variables(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  const Language english;
  Tree tree(english);
  return stray_variables(names, tree.root);
}

Manner manner_of(int argc, const char* const* argv, const Environment& environment) {
  Manner manner;
  const auto config = find_config(argc, argv, environment);
  const auto default_of = [&](const std::string& key, const std::string& variable) {
    const auto value = environment(variable);
    return value && !value->empty() ? value : config ? config_value(*config, key) : std::nullopt;
  };
  const auto is_true = [](const std::optional<std::string>& text) {
    return text && (*text == "true" || *text == "1" || *text == "on" || *text == "yes");
  };
  manner.json = is_true(default_of("json", "PIPELINE_JSON"));
  bool log_json = default_of("log-format", "PIPELINE_LOG_FORMAT") == "json";
  manner.language =
      value_behind(argc, argv, "--language").value_or(default_of("language", "PIPELINE_LANGUAGE").value_or("auto"));
  for (int i = 1; i < argc && argv[i] != std::string_view("--"); ++i) {
    const std::string_view argument = argv[i];
    const auto value = [&](std::string_view option) -> std::optional<std::string> {
      if (argument == option && i + 1 < argc) return argv[i + 1];
      if (argument.starts_with(option) && argument.substr(option.size()).starts_with('='))
        return std::string(argument.substr(option.size() + 1));
      return std::nullopt;
    };
    if (argument == "--json") manner.json = true;
    if (argument.starts_with("--json=")) manner.json = is_true(value("--json"));
    if (value("--format") == "json") manner.json = true;
    if (const auto format = value("--log-format")) log_json = format == "json";
    if (const auto id = value("--trace-id"); id && is_trace_id(*id)) manner.trace_id = *id;
    const std::string called = manner.command + (manner.command.empty() ? "" : " ") + std::string(argument);
    if (std::ranges::find(commands(), called, &Entry::name) != commands().end()) manner.command = called;
  }
  manner.log_format = log_json ? log::Format::json : log::Format::text;
  return manner;
}

}  // namespace pipeline::cli
