#include "completion_values.h"
#include "completions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

namespace pipeline::cli {
namespace {

constexpr const char* kZshHead = R"sh(#compdef pipeline
# Made by `pipeline generate` from the table of commands.

# Values that the program knows, with the database and the config file of this line.
_pipeline_values() {
  local -a places found
  local i
  for ((i = 1; i < $#_pipeline_line; i++)); do
    case $_pipeline_line[i] in
      --db | --config) places+=($_pipeline_line[i] ${(Q)${_pipeline_line[i + 1]/#\~\//$HOME/}}) ;;
      --db=* | --config=*) places+=(${(Q)_pipeline_line[i]}) ;;
    esac
  done
  found=(${(f)"$($_pipeline_program generate --values $1 $places 2>/dev/null)"})
  compadd -a found
}
)sh";

// Between single quotes.
std::string in_zsh_quotes(std::string_view text) {
  std::string out = "'";
  for (const char sign : text) out += sign == '\'' ? std::string("'\\''") : std::string(1, sign);
  return out + "'";
}

std::string escaped(std::string_view text, std::string_view signs) {
  std::string out;
  for (const char sign : text) {
    if (signs.find(sign) != signs.npos) out += '\\';
    out += sign;
  }
  return out;
}

std::string action_of(const OptionText& option) {
  switch (option.values) {
    case Values::words:
      return fmt::format("({})", fmt::join(option.words, " "));
    case Values::list:
      return fmt::format("_sequence compadd - {}", fmt::join(option.words, " "));
    case Values::file:
      return "_files";
    case Values::folder:
      return "_files -/";
    case Values::content_ids:
      return fmt::format("_pipeline_values {}", kContentIds);
    case Values::stores:
      return fmt::format("_pipeline_values {}", kStores);
    case Values::any:
    case Values::none:
      return " ";
  }
  return " ";
}

// What _arguments takes: `--name=[description]:TYPE:action`, a line each.
std::string specs_of(const OptionText& option) {
  const std::string value =
      option.values == Values::none ? "" : fmt::format(":{}:{}", escaped(option.type, ":\\"), action_of(option));
  if (option.is_argument()) return fmt::format(" \\\n    {}", in_zsh_quotes((option.repeats ? "*" : "") + value));
  std::string specs;
  for (const std::string& name : option.names)
    specs += fmt::format(" \\\n    {}", in_zsh_quotes(fmt::format("{}{}{}[{}]{}", option.repeats ? "*" : "", name,
                                                                  value.empty() ? "" : "=",
                                                                  escaped(option.description, "[]\\"), value)));
  return specs;
}

std::string function_of(std::string_view command) {
  std::string name = fmt::format("_pipeline{}{}", command.empty() ? "" : "_", command);
  for (char& sign : name)
    if (sign == ' ' || sign == '-') sign = '_';
  return name;
}

std::string leaf_function(const CommandText& command) {
  std::string text = fmt::format("\n{}() {{\n  _arguments", function_of(command.name));
  for (const OptionText& option : command.options) text += specs_of(option);
  return text + "\n}\n";
}

// Of the program and of groups: first a command is chosen, then its function goes on.
template <typename Belongs>
std::string choice_function(const ProgramText& program, std::string_view name, const std::vector<OptionText>& options,
                            Belongs belongs) {
  std::string text = fmt::format("\n{}() {{\n", function_of(name));
  if (name.empty())
    text +=
        "  local -a _pipeline_line=(${words[2,CURRENT]})\n  local _pipeline_program=${(Q)words[1]/#\\~\\//$HOME/}\n";
  text += "  local curcontext=$curcontext state line\n  local -a commands=(";
  std::string calls;
  for (const CommandText& command : program.commands) {
    if (!belongs(command)) continue;
    const std::string inner = command.name.substr(command.name.find(' ') + 1);
    text += fmt::format("\n    {}", in_zsh_quotes(inner + ":" + escaped(command.help, "\\")));
    calls += fmt::format("        {}) {} ;;\n", inner, function_of(command.name));
  }
  text += "\n  )\n  _arguments -C";
  for (const OptionText& option : options) text += specs_of(option);
  text += " \\\n    '1:command:->command' \\\n    '*::argument:->arguments'\n";
  return text +
         fmt::format(
             "  case $state in\n    command) _describe -t commands 'pipeline command' commands ;;\n    arguments)\n"
             "      case $words[1] in\n{}      esac\n      ;;\n  esac\n}}\n",
             calls);
}

}  // namespace

std::string zsh_completion(const ProgramText& program) {
  std::string text = kZshHead;
  for (const CommandText& command : program.commands)
    text += command.is_group ? choice_function(program, command.name, command.options,
                                               [&](const CommandText& inner) { return inner.is_in(command); })
                             : leaf_function(command);
  text += choice_function(program, "", program.options,
                          [](const CommandText& command) { return command.name.find(' ') == command.name.npos; });
  return text + "\n_pipeline \"$@\"\n";
}

}  // namespace pipeline::cli
