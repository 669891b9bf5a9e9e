#include "machine.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <libdeflate.h>
#include <simdjson.h>
#include <sqlite3.h>
#include <sys/utsname.h>
#include <zip.h>

// libjpeg's headers need FILE.
#include <cstdio>
//
#include <jpeglib.h>

extern "C" {
#include <libavutil/avutil.h>
}

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <thread>

namespace pipeline::bench {
namespace {

// The value of the first line `key   : value` of a file in /proc.
std::string proc_value(const char* file, std::string_view key) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':');
    if (!line.starts_with(key) || colon == std::string::npos) continue;
    const auto value = line.find_first_not_of(' ', colon + 1);
    return value == std::string::npos ? "" : line.substr(value);
  }
  return "unknown";
}

std::string memory() {
  return fmt::format("{:.1f} GiB", std::strtod(proc_value("/proc/meminfo", "MemTotal").c_str(), nullptr) / (1 << 20));
}

std::string file_system(const std::filesystem::path& folder) {
  std::ifstream mounts("/proc/mounts");
  std::string best;
  std::string type = "unknown";
  std::string device, place, kind, rest;
  while (mounts >> device >> place >> kind && std::getline(mounts, rest)) {
    const bool holds = folder.string().starts_with(place) && place.size() >= best.size();
    if (holds) best = place, type = kind;
  }
  return fmt::format("{} (for {})", type, folder.string());
}

std::string kernel() {
  utsname name{};
  uname(&name);
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

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

// libjpeg-turbo gives its version as bare tokens.
#define PIPELINE_TEXT_OF(tokens) #tokens
#define PIPELINE_TEXT(macro) PIPELINE_TEXT_OF(macro)

std::string libraries() {
  return fmt::format(
      "curl {}, sqlite {}, simdjson {}.{}.{} ({}), libjpeg-turbo {}, FFmpeg {}, libzip {}, libdeflate {}",
      curl_version_info(CURLVERSION_NOW)->version, sqlite3_libversion(), int{simdjson::SIMDJSON_VERSION_MAJOR},
      int{simdjson::SIMDJSON_VERSION_MINOR}, int{simdjson::SIMDJSON_VERSION_REVISION},
      simdjson::get_active_implementation()->name(), PIPELINE_TEXT(LIBJPEG_TURBO_VERSION), av_version_info(),
      zip_libzip_version(), LIBDEFLATE_VERSION_STRING);
}

}  // namespace

std::string describe_machine() {
  std::ostringstream out;
  const auto say = [&out](std::string_view key, std::string_view value) {
    out << "# " << key << ": " << value << '\n';
  };
  say("processor", proc_value("/proc/cpuinfo", "model name"));
  say("cores", std::to_string(std::thread::hardware_concurrency()));
  say("memory", memory());
  say("load", load());
  say("file system", file_system(std::filesystem::temp_directory_path()));
  say("kernel", kernel());
  say("compiler", "g++ " __VERSION__);
  say("build", build());
  say("libraries", libraries());
  return out.str();
}

}  // namespace pipeline::bench
