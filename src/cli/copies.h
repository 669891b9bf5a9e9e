#pragma once

#include "pipeline/base/interrupt.h"
#include "pipeline/store/backups.h"

#include "session.h"

#include <memory>
#include <string>

// What `backup` and `restore` share.
namespace pipeline::cli {

// Of the session's database; throws UsageError of one that has none.
[[nodiscard]] std::unique_ptr<store::Backups> backups_of(Session& session);

// 20261127T140000Z
[[nodiscard]] std::string stamp_of(WallTime time);

// Ends the work, with what it had begun taken back, when a signal has come. `what` was being made.
void stop_on_signal(const Interrupt& interrupt, const char* what);

}  // namespace pipeline::cli
