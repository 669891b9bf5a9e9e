#pragma once

#include "emulator/emulator.h"

#include <cstddef>
#include <memory>
#include <string>

namespace pipeline::emulator {

// Carries an emulator over HTTP/1.1 with keep-alive, on 127.0.0.1 only. Borrows the emulator, which must outlive it.
// Each connection holds a thread, which sleeps the reply's delay. start() and stop() belong to one thread; stop()
// breaks off what is being served. Throws std::runtime_error when it can't listen.
class Server {
 public:
  struct Config {
    int port = 0;  // 0: one the kernel picks
    std::size_t threads = 64;
  };

  explicit Server(Emulator& emulator);
  Server(Emulator& emulator, Config config);
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();  // listens when it returns
  void stop();
  [[nodiscard]] int port() const noexcept;     // valid from start() on
  [[nodiscard]] std::string base_url() const;  // http://127.0.0.1:PORT

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pipeline::emulator
