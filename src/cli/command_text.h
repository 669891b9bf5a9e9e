#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

// The program's commands and options in words: what the manual pages and the completions of shells are made of.
namespace pipeline::cli {

// What a shell can offer as a value.
enum class Values { none, any, words, list, file, folder, content_ids, stores };  // none: a flag; list: of words

// An option, or an argument that is told by its place.
struct OptionText {
  std::vector<std::string> names;  // with their dashes; of an argument none
  std::string type;                // of its value, `N`; of an argument its name; of a flag empty
  std::string description;
  std::string standard;            // what it is when nothing is said
  std::vector<std::string> words;  // all that its value can be; empty: other values, too
  Values values = Values::none;
  std::string key;       // in the config file; empty: none
  std::string variable;  // in the environment; empty: none
  bool common = false;   // of every command
  bool required = false;
  bool repeats = false;

  [[nodiscard]] bool is_argument() const noexcept { return names.empty(); }
};

struct CommandText {
  std::string name;  // as it is called: `queue list`
  std::string help;
  std::string notes;
  std::string examples;
  bool is_group = false;
  std::vector<OptionText> options;  // those of its group that it has, too

  [[nodiscard]] bool is_in(const CommandText& group) const { return name.starts_with(group.name + " "); }
};

struct ProgramText {
  std::string description;
  std::string exit_codes;  // as the foot of every help has them
  std::string examples;
  std::vector<OptionText> options;  // of no command
  std::vector<CommandText> commands;
};

// `root`: all commands with their options, made from the table.
[[nodiscard]] std::vector<OptionText> option_texts(CLI::App& root);
[[nodiscard]] std::vector<CommandText> command_texts(CLI::App& root);

}  // namespace pipeline::cli
