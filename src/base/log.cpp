#include "pipeline/base/log.h"

#include "pipeline/base/text.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>

namespace pipeline::log {
namespace {

thread_local std::string_view current_sku;

std::mutex guard_mutex;
std::function<void(bool)> line_guard;  // under guard_mutex

// A flag of the text pattern: the sku of the scope, when there is one.
class SkuFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg&, const std::tm&, spdlog::memory_buf_t& out) override {
    if (current_sku.empty()) return;
    constexpr std::string_view kName = " sku=";
    out.append(kName.data(), kName.data() + kName.size());
    out.append(current_sku.data(), current_sku.data() + current_sku.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<SkuFlag>(); }
};

// JSON in full: a pattern could not escape the message.
class JsonFormatter final : public spdlog::formatter {
 public:
  explicit JsonFormatter(std::string trace_id) : trace_id_(std::move(trace_id)) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    line_ = R"({"time":")";
    line_ += format_utc(std::chrono::time_point_cast<std::chrono::milliseconds>(message.time));
    line_ += R"(","level":")";
    line_.append(spdlog::level::to_string_view(message.level).data());
    line_ += R"(","trace_id":")" + trace_id_ + '"';
    if (!current_sku.empty()) {
      line_ += R"(,"sku":)";
      append_json_string(current_sku, line_);
    }
    line_ += R"(,"message":)";
    append_json_string({message.payload.data(), message.payload.size()}, line_);
    line_ += "}\n";
    out.append(line_.data(), line_.data() + line_.size());
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonFormatter>(trace_id_);
  }

 private:
  std::string trace_id_;
  std::string line_;
};

// In the order of Level.
constexpr std::array kLevels{spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
                             spdlog::level::warn,  spdlog::level::err,   spdlog::level::off};

spdlog::level::level_enum to_spdlog(Level level) noexcept {
  return kLevels[static_cast<std::size_t>(level)];
}

}  // namespace

void init(const Options& options) {
  auto logger = std::make_shared<spdlog::logger>("pipeline", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  if (options.format == Format::json) {
    logger->set_formatter(std::make_unique<JsonFormatter>(options.trace_id));
  } else {
    auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
    formatter->add_flag<SkuFlag>('*').set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-5l trace_id=" + options.trace_id + "%* %v");
    logger->set_formatter(std::move(formatter));
  }
  logger->set_level(to_spdlog(options.level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

bool enabled(Level level) noexcept {
  return spdlog::default_logger_raw()->should_log(to_spdlog(level));
}

void write(Level level, std::string_view message) {
  const std::lock_guard lock(guard_mutex);
  if (line_guard) line_guard(true);
  spdlog::default_logger_raw()->log(to_spdlog(level), spdlog::string_view_t(message.data(), message.size()));
  if (line_guard) line_guard(false);
}

void set_line_guard(std::function<void(bool)> guard) {
  const std::lock_guard lock(guard_mutex);
  line_guard = std::move(guard);
}

SkuScope::SkuScope(std::string_view sku) noexcept : outer_(current_sku) {
  current_sku = sku;
}
SkuScope::~SkuScope() {
  current_sku = outer_;
}

}  // namespace pipeline::log
