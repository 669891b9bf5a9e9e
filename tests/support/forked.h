#pragma once

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <stdexcept>
#include <string>

namespace pipeline::test {

// Runs `call`, which returns a text, in a process of its own and gives that text, or that of the exception. What a test
// does to a process (limits, user id) stays there.
template <typename F>
std::string in_child(F&& call) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    std::string answer;
    try {
      answer = call();
    } catch (const std::exception& error) {
      answer = error.what();
    }
    const bool written = ::write(ends[1], answer.data(), answer.size()) >= 0;
    ::_exit(written ? 0 : 1);
  }
  ::close(ends[1]);
  std::string answer;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
    answer.append(buffer.data(), static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return answer;
}

// Takes from root what lets it pass by file permissions, here and in what is executed from here. It stays root: another
// user may not reach the executable, in a checkout below /root.
inline bool heed_permissions() {
  if (::geteuid() != 0) return true;
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return false;
  for (const int capability : {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH}) {
    if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return false;
    for (auto* const set : {&sets[0].effective, &sets[0].permitted, &sets[0].inheritable}) *set &= ~(1U << capability);
  }
  return ::syscall(SYS_capset, &header, sets.data()) == 0;
}

// The same as a user whom file permissions stop, which they don't do to root.
template <typename F>
std::string with_permissions(F&& call) {
  return in_child([&] { return heed_permissions() ? call() : std::string("root can't be made to heed permissions"); });
}

}  // namespace pipeline::test
