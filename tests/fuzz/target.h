#pragma once

#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// A target takes any bytes. Compiled with PIPELINE_FUZZ it is a program of libFuzzer; without, all are one test program
// that feeds them their corpus and what fuzzing has found.
namespace pipeline::fuzz {

class BrokenPromise : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// What has to hold of the answer, whatever the input was.
inline void require(bool holds, const std::string& what) {
  if (!holds) throw BrokenPromise(what);
}

struct Target {
  std::string_view name;
  void (*run)(std::string_view input);
  friend std::ostream& operator<<(std::ostream& out, const Target& target) { return out << target.name; }
};
[[nodiscard]] std::vector<Target>& targets();
inline bool add_target(Target target) {
  targets().push_back(target);
  return true;
}

}  // namespace pipeline::fuzz

#ifdef PIPELINE_FUZZ
// An exception that nobody catches is a finding: libFuzzer keeps the input.
#define FUZZ_TARGET(name)                                                              \
  static void fuzz_##name(std::string_view input);                                     \
  extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) { \
    fuzz_##name({reinterpret_cast<const char*>(data), size});                          \
    return 0;                                                                          \
  }                                                                                    \
  static void fuzz_##name(std::string_view input)
#else
#define FUZZ_TARGET(name)                                                                 \
  static void fuzz_##name(std::string_view input);                                        \
  static const bool registered_##name = pipeline::fuzz::add_target({#name, fuzz_##name}); \
  static void fuzz_##name(std::string_view input)
#endif
