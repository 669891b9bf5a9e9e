#pragma once

#include "address.h"

#include <vector>

namespace pipeline::store::postgres {

// What the options of an address are for libpq: two arrays with an end. Of the address, which has to stay.
struct LibpqOptions {
  explicit LibpqOptions(const Address& address) {
    for (const auto& [key, value] : address.options) add(key.c_str(), value.c_str());
  }
  // Counts more than what the address says.
  void add(const char* key, const char* value) {
    keys.push_back(key);
    values.push_back(value);
  }
  void close() { add(nullptr, nullptr); }

  std::vector<const char*> keys;
  std::vector<const char*> values;
};

}  // namespace pipeline::store::postgres
