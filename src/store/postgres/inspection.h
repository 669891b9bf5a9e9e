#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/inspection.h"

#include "address.h"

#include <memory>

namespace pipeline::store::postgres {

// Of a store on a server. The clock is borrowed.
[[nodiscard]] std::unique_ptr<Inspection> inspect_server(const Address& address, const Clock& clock);

}  // namespace pipeline::store::postgres
