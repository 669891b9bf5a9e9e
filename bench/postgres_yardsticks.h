#pragma once

#include <cstdint>
#include <string>
#include <vector>

// What a store on a server is measured against: the best that was found to be done with batched SQL alone, by libpq and
// statements of its own, with the rows made beforehand. All give rows a second; they throw std::runtime_error when they
// did not do what they are for. `schema`: of a store that the executable has made.
namespace pipeline::bench {

// These products and their queue entries, in batches of 1000: one flight each, and the next one sent before the answer.
// All of them have to be new.
[[nodiscard]] double load_by_sql_alone(const std::string& server, const std::string& schema,
                                       const std::vector<std::int64_t>& numbers);

// The hash of each product, 1000 at a time. All have to be equal.
[[nodiscard]] double look_up_by_sql_alone(const std::string& server, const std::string& schema,
                                          const std::vector<std::int64_t>& numbers);

// These products instead of what is stored of them, in batches of 1000: one flight reads the old ones and what waits in
// the queue, another writes. All have to be known, and none may wait.
[[nodiscard]] double change_by_sql_alone(const std::string& server, const std::string& schema,
                                         const std::vector<std::int64_t>& numbers, int version);

// One statement on the server that is of no interest by itself.
void run_on_server(const std::string& server, const std::string& sql);

}  // namespace pipeline::bench
