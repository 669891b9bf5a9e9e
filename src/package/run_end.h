#pragma once

#include "pipeline/package/package.h"

namespace pipeline::package {

// One more post is done.
void count(const Result& result, Progress& progress) noexcept;

// How the run ended: the exit code, and why it ended early if it did.
void conclude(const Services& services, const Progress& progress, Summary& summary);

}  // namespace pipeline::package
