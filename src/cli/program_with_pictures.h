#pragma once

namespace pipeline::cli {

// This process goes on as the executable that has the libraries of pictures and films, from the same call. Throws Error
// when there is none.
[[noreturn]] void become_program_with_pictures(const char* const* argv);

}  // namespace pipeline::cli
