#pragma once

#include <string>

namespace pipeline::bench {

// Where and with what the figures were made, one `# key: value` line each: it heads every file of results. Says loudly
// when the build is none to measure.
[[nodiscard]] std::string describe_machine();

// The kind of processor, as the name of a folder: amd-epyc, intel-xeon-processor.
[[nodiscard]] std::string processor_kind();

}  // namespace pipeline::bench
