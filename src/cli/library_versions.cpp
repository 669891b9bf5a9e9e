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
#include <libavutil/avutil.h>
}

// libjpeg-turbo gives its version as bare tokens.
#define PIPELINE_TEXT_OF(tokens) #tokens
#define PIPELINE_TEXT(macro) PIPELINE_TEXT_OF(macro)

namespace pipeline::cli {

std::string library_versions() {
  const XML_Expat_Version expat = XML_ExpatVersionInfo();
  return fmt::format(
      "curl {}, sqlite {}, simdjson {}.{}.{} ({}), libjpeg-turbo {}, FFmpeg {}, libzip {}, libdeflate {}, expat "
      "{}.{}.{}",
      curl_version_info(CURLVERSION_NOW)->version, store::sqlite::library_version(),
      int{simdjson::SIMDJSON_VERSION_MAJOR}, int{simdjson::SIMDJSON_VERSION_MINOR},
      int{simdjson::SIMDJSON_VERSION_REVISION}, simdjson::get_active_implementation()->name(),
      PIPELINE_TEXT(LIBJPEG_TURBO_VERSION), av_version_info(), zip_libzip_version(), LIBDEFLATE_VERSION_STRING,
      expat.major, expat.minor, expat.micro);
}

}  // namespace pipeline::cli
