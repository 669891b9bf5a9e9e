#pragma once

#include "address.h"

struct pg_conn;

namespace pipeline::store::postgres {

// Why a connection could not be made, and what is to be done. Throws UsageError where a server, or libpq, will go on
// refusing; else ServerError: it may be there, or have room, later. `failed`: what libpq has left of it.
[[noreturn]] void refuse(const Address& address, pg_conn* failed);

// Of a user who may connect, and only read.
[[noreturn]] void refuse_to_write(const Address& address);

}  // namespace pipeline::store::postgres
