#include "pipeline/cli/library_versions.h"

#include "pipeline/store_sqlite/database.h"

#include <curl/curl.h>
#include <expat.h>
#include <fmt/format.h>
#include <libdeflate.h>
#include <simdjson.h>
#include <zip.h>

// libjpeg's headers need FILE.
#include <cstdio>
//
#include <jpeglib.h>

extern "C" {
#include <libavutil/ffversion.h>
}

// libjpeg-turbo gives its version as bare tokens.
#define PIPELINE_TEXT_OF(tokens) #tokens
#define PIPELINE_TEXT(macro) PIPELINE_TEXT_OF(macro)

namespace pipeline::cli {

std::vector<std::pair<std::string, std::string>> libraries() {
  return {{"curl", curl_version_info(CURLVERSION_NOW)->version},
          {"sqlite", std::string(store::sqlite::library_version())},
          {"simdjson",
           fmt::format("{}.{}.{} ({})", int{simdjson::SIMDJSON_VERSION_MAJOR}, int{simdjson::SIMDJSON_VERSION_MINOR},
                       int{simdjson::SIMDJSON_VERSION_REVISION}, simdjson::get_active_implementation()->name())},
          {"libjpeg-turbo", PIPELINE_TEXT(LIBJPEG_TURBO_VERSION)},
          {"FFmpeg", FFMPEG_VERSION},
          {"libzip", LIBZIP_VERSION},
          {"libdeflate", LIBDEFLATE_VERSION_STRING},
          {"expat", fmt::format("{}.{}.{}", XML_MAJOR_VERSION, XML_MINOR_VERSION, XML_MICRO_VERSION)}};
}

std::string library_versions() {
  std::string text;
  for (const auto& [name, version] : libraries())
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, version);
  return text;
}

}  // namespace pipeline::cli
