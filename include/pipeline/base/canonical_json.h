#pragma once

#include <simdjson.h>

#include <string>

namespace pipeline {

// Appends one form for all spellings of a JSON value: object keys in byte order (the last of doubled keys wins), no
// white space, strings with the escapes RFC 8259 demands and no others, whole numbers in decimal, others in the
// shortest form that reads back as the same double. Equal values give equal bytes.
void append_canonical(simdjson::dom::element value, std::string& out);

}  // namespace pipeline
