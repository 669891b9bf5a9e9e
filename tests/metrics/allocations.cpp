#include "metrics/allocations.h"

#include <cstdlib>
#include <new>

namespace {
thread_local constinit pipeline::test::Allocations counted;
}  // namespace

namespace pipeline::test {
Allocations allocations() noexcept {
  return counted;
}
}  // namespace pipeline::test

void* operator new(std::size_t size) {
  ++counted.calls;
  counted.bytes += size;
  if (void* const memory = std::malloc(size); memory != nullptr) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
