#include "completion_values.h"
#include "completions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>
#include <vector>

namespace pipeline::cli {
namespace {

// The commands stand between the two.
constexpr const char* kFishHead = R"sh(# fish completion for pipeline
# Made by `pipeline generate` from the table of commands.

# Whether this command is the one that is being typed.
function __pipeline_at
    set -l found ''
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim -- "$found $word")
        contains -- $longer )sh";

constexpr const char* kFishTail = R"sh(
        and set found $longer
    end
    test "$found" = "$argv"
end

# Values that the program knows, with the database and the config file of this line.
function __pipeline_values
    set -l words (commandline -opc)
    command -sq -- $words[1]
    or return
    set -l places
    for i in (seq 2 (count $words))
        switch $words[$i]
            case --db --config
                set -a places $words[$i] $words[(math $i + 1)]
            case '--db=*' '--config=*'
                set -a places $words[$i]
        end
    end
    eval (string escape -- $words[1]) generate --values $argv (string escape -- $places) 2>/dev/null
end

# Words with commas between them: behind those that stand there.
function __pipeline_list
    set -l before (commandline -ct | string replace -r -- '^--[^=]*=' '' | string replace -r -- '[^,]*$' '')
    for word in $argv
        echo "$before"$word
    end
end

complete -c pipeline -f
)sh";

std::string in_fish_quotes(std::string_view text) {
  std::string out = "'";
  for (const char sign : text) {
    if (sign == '\'' || sign == '\\') out += '\\';
    out += sign;
  }
  return out + "'";
}

// What `complete` has to know of an option's value.
std::string value_of(const OptionText& option) {
  const auto one_of = [](const std::string& values) { return " -x -a " + in_fish_quotes(values); };
  switch (option.values) {
    case Values::none:
      return {};
    case Values::any:
      return " -x";
    case Values::words:
      return one_of(fmt::format("{}", fmt::join(option.words, " ")));
    case Values::list:
      return one_of(fmt::format("(__pipeline_list {})", fmt::join(option.words, " ")));
    case Values::file:
      return " -r -F";
    case Values::folder:
      return one_of("(__fish_complete_directories)");
    case Values::content_ids:
      return one_of(fmt::format("(__pipeline_values {})", kContentIds));
    case Values::stores:
      return one_of(fmt::format("(__pipeline_values {})", kStores));
  }
  return {};
}

std::string line_of(std::string_view command, const OptionText& option) {
  const std::string at =
      fmt::format("complete -c pipeline -n {}", in_fish_quotes(fmt::format("__pipeline_at {}", command)));
  const std::string value = value_of(option);
  if (option.is_argument()) {
    if (option.values == Values::any) return {};
    return fmt::format("{}{}\n", at,
                       option.values == Values::file ? " -F" : value.substr(std::string_view(" -x").size()));
  }
  std::string names;
  for (const std::string& name : option.names)
    names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  return fmt::format("{}{}{} -d {}\n", at, names, value, in_fish_quotes(option.description));
}

}  // namespace

std::string fish_completion(const ProgramText& program) {
  std::vector<std::string> names;
  for (const CommandText& command : program.commands) names.push_back(in_fish_quotes(command.name));
  std::string text = fmt::format("{}{}{}", kFishHead, fmt::join(names, " "), kFishTail);
  for (const OptionText& option : program.options) text += line_of("", option);
  for (const CommandText& command : program.commands) {
    const std::size_t space = command.name.find(' ');
    const std::string outer = space == command.name.npos ? "" : command.name.substr(0, space);
    text += fmt::format("complete -c pipeline -n {} -a {} -d {}\n", in_fish_quotes("__pipeline_at " + outer),
                        command.name.substr(space + 1), in_fish_quotes(command.help));
  }
  for (const CommandText& command : program.commands)
    for (const OptionText& option : command.options) text += line_of(command.name, option);
  return text;
}

}  // namespace pipeline::cli
