#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <stdexcept>
#include <string>

namespace pipeline::store {

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

// The same as a user whom file permissions stop, which they don't do to root.
template <typename F>
std::string as_nobody(F&& call) {
  return in_child([&] {
    if (::geteuid() == 0 && ::setuid(65534) != 0) return std::string("setuid");
    return call();
  });
}

}  // namespace pipeline::store
