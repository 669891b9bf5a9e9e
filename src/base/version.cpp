#include "pipeline/base/version.h"

namespace pipeline {

std::string_view program_version() noexcept {
  return PIPELINE_VERSION;
}

}  // namespace pipeline
