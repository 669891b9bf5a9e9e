#pragma once

namespace pipeline {

// Called first of all in main, before any file is opened or thread made.
//
// A reader that goes away makes a write fail (EPIPE) instead of ending the process: SIGPIPE is ignored, for standard
// output and for connections alike. And the numbers 0 to 2 stay taken where the caller has closed one of them
// (`pipeline … >&-`): else the next file that is opened would get the number, and what is printed would go into it.
// Reading or writing such a stream fails with EBADF.
void prepare_standard_streams() noexcept;

}  // namespace pipeline
