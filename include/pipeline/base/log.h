#pragma once

#include <fmt/core.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

// The run's log, on standard error: one line a message, as text or as JSON, each with the run's trace_id and, inside a
// SkuScope, the sku. The one global of the program. Secrets, tokens and signatures are never handed to it.
namespace pipeline::log {

enum class Level { trace, debug, info, warn, error, off };
enum class Format { text, json };

struct Options {
  Level level = Level::info;
  Format format = Format::text;
  std::string trace_id;
};

void init(const Options& options);
[[nodiscard]] bool enabled(Level level) noexcept;
void write(Level level, std::string_view message);

// Called before and after each line is written: the progress line steps aside for it.
void set_line_guard(std::function<void(bool before)> guard);

// Lines logged by this thread while the scope lives carry the sku. Scopes nest.
class SkuScope {
 public:
  explicit SkuScope(std::string_view sku) noexcept;
  ~SkuScope();
  SkuScope(const SkuScope&) = delete;
  SkuScope& operator=(const SkuScope&) = delete;

 private:
  std::string_view outer_;
};

template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::debug)) write(Level::debug, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::info)) write(Level::info, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::warn)) write(Level::warn, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::error)) write(Level::error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace pipeline::log
