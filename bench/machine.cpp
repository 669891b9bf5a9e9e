#include "machine.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/machine.h"
#include "pipeline/cli/library_versions.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

namespace pipeline::bench {
namespace {

std::string load() {
  std::ifstream file("/proc/loadavg");
  std::string one, five;
  file >> one >> five;
  return fmt::format("{} over one minute, {} over five, at the start", one, five);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

std::string build() {
#if defined(NDEBUG) && defined(__OPTIMIZE__)
  constexpr bool kOptimised = true;
#else
  constexpr bool kOptimised = false;
#endif
  return fmt::format("{}{}", PIPELINE_BUILD,
                     kOptimised && !kSanitized ? "" : "   *** NOT A RELEASE BUILD: THESE FIGURES MEAN NOTHING ***");
}

}  // namespace

std::string processor_kind() {
  std::string name = pipeline::describe_machine(std::filesystem::temp_directory_path()).processor;
  name = name.substr(0, name.find('@'));  // the clock it is sold with
  for (const std::string_view mark : {"(R)", "(TM)"})
    for (auto at = name.find(mark); at != name.npos; at = name.find(mark)) name.erase(at, mark.size());
  std::string kind;
  for (const char c : to_lower(std::string_view(name))) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_word)
      kind += c;
    else if (!kind.empty() && kind.back() != '-')
      kind += '-';
  }
  while (kind.ends_with('-')) kind.pop_back();
  return kind;
}

std::string describe_machine() {
  std::ostringstream out;
  const auto say = [&out](std::string_view key, std::string_view value) {
    out << "# " << key << ": " << value << '\n';
  };
  const auto folder = std::filesystem::temp_directory_path();
  const Machine machine = pipeline::describe_machine(folder);
  say("processor", machine.processor);
  say("cores", std::to_string(machine.cores));
  say("memory", machine.memory);
  say("load", load());
  say("file system", fmt::format("{} (for {})", machine.file_system, folder.string()));
  say("kernel", machine.kernel);
  say("compiler", "g++ " __VERSION__);
  say("build", build());
  say("libraries", cli::library_versions());
  return out.str();
}

}  // namespace pipeline::bench
