#include "completion_values.h"
#include "completions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::cli {
namespace {

// Nothing of the package bash-completion is used: it need not be there. An option and its value may be three words
// here, since bash parts words at `=`.
constexpr const char* kBashHead = R"sh(# bash completion for pipeline                            -*- shell-script -*-
# Made by `pipeline generate` from the table of commands.

# Values that the program knows, with the database and the config file of this line.
_pipeline_values() {
  local -a places=()
  local i name value
  for ((i = 1; i < COMP_CWORD; i++)); do
    name=${COMP_WORDS[i]}
    [[ $name == --db || $name == --config ]] || continue
    [[ ${COMP_WORDS[i + 1]-} == = ]] && ((++i))
    value=${COMP_WORDS[i + 1]-}
    places+=("$name" "${value/#\~\//$HOME/}")
  done
  "${COMP_WORDS[0]/#\~\//$HOME/}" generate --values "$1" "${places[@]}" 2>/dev/null
}
)sh";

constexpr const char* kBashTail = R"sh(
_pipeline_offer() {
  local current=$1 kind=$2 before=
  case $kind in
    file) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null ;;
    folder) mapfile -t COMPREPLY < <(compgen -d -- "$current"); compopt -o filenames 2>/dev/null ;;
    words\ *) mapfile -t COMPREPLY < <(compgen -W "${kind#* }" -- "$current") ;;
    list\ *)
      [[ $current == *,* ]] && before=${current%,*},
      mapfile -t COMPREPLY < <(compgen -P "$before" -W "${kind#* }" -- "${current##*,}")
      compopt -o nospace 2>/dev/null
      ;;
    values\ *) mapfile -t COMPREPLY < <(compgen -W "$(_pipeline_values "${kind#* }")" -- "$current") ;;
  esac
}

_pipeline() {
  local current=${COMP_WORDS[COMP_CWORD]} command= option= kind= options commands argument word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == = ]]; then
      continue
    elif [[ -n $option ]]; then
      option=
    elif [[ $word == -* ]]; then
      _pipeline_value "$command" "$word"
      [[ -z $kind ]] || option=$word
    elif _pipeline_is_command "$command${command:+ }$word"; then
      command+=${command:+ }$word
    fi
  done
  [[ $current == = ]] && current=
  if [[ -n $option ]]; then
    _pipeline_value "$command" "$option"
    _pipeline_offer "$current" "$kind"
    return
  fi
  _pipeline_words "$command"
  if [[ $current == -* ]]; then
    _pipeline_offer "$current" "words $options"
  elif [[ -n $commands ]]; then
    _pipeline_offer "$current" "words $commands"
  else
    _pipeline_offer "$current" "$argument"
  fi
}

complete -F _pipeline pipeline
)sh";

// What _pipeline_offer makes of it.
std::string kind_of(const OptionText& option) {
  switch (option.values) {
    case Values::none:
      return {};
    case Values::any:
      return "any";
    case Values::words:
      return fmt::format("words {}", fmt::join(option.words, " "));
    case Values::list:
      return fmt::format("list {}", fmt::join(option.words, " "));
    case Values::file:
      return "file";
    case Values::folder:
      return "folder";
    case Values::content_ids:
      return fmt::format("values {}", kContentIds);
    case Values::stores:
      return fmt::format("values {}", kStores);
  }
  return {};
}

// `kind` by command and option; those of one kind in one line.
std::string value_function(const ProgramText& program) {
  std::vector<std::pair<std::string, std::vector<std::string>>> kinds;
  for (const CommandText& command : program.commands)
    for (const OptionText& option : command.options) {
      const std::string kind = kind_of(option);
      if (kind.empty() || option.is_argument()) continue;
      auto at = std::ranges::find(kinds, kind, &decltype(kinds)::value_type::first);
      if (at == kinds.end()) at = kinds.insert(at, {kind, {}});
      for (const std::string& name : option.names) at->second.push_back(fmt::format("'{} {}'", command.name, name));
    }
  std::string text =
      "\n# What the value of a command's option can be; nothing for a flag.\n_pipeline_value() {\n  case \"$1 $2\" "
      "in\n";
  for (const auto& [kind, options] : kinds)
    text += fmt::format("    {}) kind='{}' ;;\n", fmt::join(options, " | "), kind);
  return text + "    *) kind= ;;\n  esac\n}\n";
}

std::string command_function(const ProgramText& program) {
  std::vector<std::string> names;
  for (const CommandText& command : program.commands) names.push_back(fmt::format("'{}'", command.name));
  return fmt::format("\n_pipeline_is_command() {{\n  case $1 in\n    {}) ;;\n    *) return 1 ;;\n  esac\n}}\n",
                     fmt::join(names, " | "));
}

std::string option_names(const std::vector<OptionText>& options) {
  std::string names;
  for (const OptionText& option : options)
    for (const std::string& name : option.names) names += (names.empty() ? "" : " ") + name;
  return names;
}

// The names of the commands within; of the program when it is none.
std::string commands_in(const ProgramText& program, const CommandText* group) {
  std::string names;
  for (const CommandText& command : program.commands) {
    const bool is_inner = command.name.find(' ') != command.name.npos;
    if (group == nullptr ? is_inner : !command.is_in(*group)) continue;
    names += (names.empty() ? "" : " ") + command.name.substr(command.name.find(' ') + 1);
  }
  return names;
}

std::string argument_of(const CommandText& command) {
  for (const OptionText& option : command.options)
    if (option.is_argument()) return kind_of(option);
  return {};
}

std::string word_function(const ProgramText& program) {
  std::string text =
      "\n# What may stand behind a command.\n_pipeline_words() {\n  options= commands= argument=\n  case $1 in\n";
  const auto add = [&](std::string_view name, const std::vector<OptionText>& options, const std::string& commands,
                       const std::string& argument) {
    text += fmt::format("    '{}')\n      options='{}'\n", name, option_names(options));
    if (!commands.empty()) text += fmt::format("      commands='{}'\n", commands);
    if (!argument.empty()) text += fmt::format("      argument='{}'\n", argument);
    text += "      ;;\n";
  };
  add("", program.options, commands_in(program, nullptr), "");
  for (const CommandText& command : program.commands)
    add(command.name, command.options, command.is_group ? commands_in(program, &command) : "", argument_of(command));
  return text + "  esac\n}\n";
}

}  // namespace

std::string bash_completion(const ProgramText& program) {
  return kBashHead + value_function(program) + command_function(program) + word_function(program) + kBashTail;
}

}  // namespace pipeline::cli
