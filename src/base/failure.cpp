#include "pipeline/base/failure.h"

#include <fmt/core.h>

#include <filesystem>
#include <new>

namespace pipeline {

Failure failure_of(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const Error& e) {
    return {e.code(), e.what()};
  } catch (const std::filesystem::filesystem_error& e) {
    return {ExitCode::failed, e.path1().empty() ? e.what()
                                                : fmt::format("cannot use {}: {}: look at the path and its permissions",
                                                              e.path1().string(), e.code().message())};
  } catch (const std::bad_alloc&) {
    return {ExitCode::failed, "the machine has no memory left: give it more, or run less beside it, then run again"};
  } catch (const std::exception& e) {
    return {
        ExitCode::failed,
        fmt::format("a fault that was not foreseen: {}: run again with --log-level debug, and report the fault with "
                    "what it says if it comes back",
                    e.what())};
  } catch (...) {
    return {ExitCode::failed, "a fault that was not foreseen: run again with --log-level debug, and report it"};
  }
}

}  // namespace pipeline
