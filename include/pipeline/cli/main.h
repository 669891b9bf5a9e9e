#pragma once

namespace pipeline::cli {

// The whole program: parses, puts the parts together, runs, reports. Returns the exit code; throws nothing.
[[nodiscard]] int main(int argc, const char* const* argv) noexcept;

}  // namespace pipeline::cli
