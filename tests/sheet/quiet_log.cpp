#include "pipeline/base/log.h"

#include <gtest/gtest.h>

// The tests convert Korean files by the hundred; that each is logged matters to one test alone, which turns it on.
namespace pipeline::sheet {
namespace {

class QuietLog final : public testing::Environment {
 public:
  void SetUp() override { log::init({.level = log::Level::error, .format = log::Format::text, .trace_id = {}}); }
};

const auto* const kQuiet = testing::AddGlobalTestEnvironment(new QuietLog);  // which GoogleTest deletes

}  // namespace
}  // namespace pipeline::sheet
