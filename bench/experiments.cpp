#include "cases.h"
#include "package_cases.h"
#include "postgres_cases.h"
#include "sync_cases.h"
#include "upsert_cases.h"

#include <array>
#include <span>

namespace pipeline::bench {
namespace {

// What `pipeline sync` makes of the limits it meets: the store's buckets, the wire, the database.
constexpr std::array kSync{
    Case{"first-R20", Form::full, first_at_20},
    Case{"first-R50", Form::full, first_at_50},
    Case{"first-R20-ticks", Form::full, first_at_20_ticks},
    Case{"first-R50-ticks", Form::full, first_at_50_ticks},
    Case{"rate-change", Form::full, rate_change},
    Case{"unchanged", Form::both, unchanged},
    Case{"edited-10", Form::both, edited},
    Case{"throughput", Form::full, throughput},
    Case{"throughput-plain", Form::full, throughput_plain},
    Case{"latency", Form::full, latency},
    Case{"plan-case", Form::both, plan_case},
    Case{"plan-case-ticks", Form::both, plan_case_ticks},
    Case{"unchanged-100k", Form::full, unchanged_large},
    Case{"guard-details", Form::smoke, guard_details, true},
    Case{"guard-wire", Form::smoke, guard_wire, true},
};

// `pipeline upsert`: the statements alone, a bare look-up loop, the disk.
constexpr std::array kUpsert{
    Case{"first-load", Form::full, upsert_first_load, true},
    Case{"unchanged", Form::full, upsert_unchanged, true},
    Case{"scattered", Form::full, upsert_scattered, true},
    Case{"commits", Form::full, upsert_commits, true},
    Case{"plan-case", Form::full, upsert_plan_case, true},
    Case{"guard-first-load", Form::smoke, guard_first_load, true},
    Case{"guard-unchanged", Form::smoke, guard_unchanged, true},
    Case{"guard-scattered", Form::smoke, guard_scattered, true},
};

// `pipeline package`: the disk, the hash, the decoders, the cores.
constexpr std::array kPackage{
    Case{"pictures", Form::full, package_pictures, true},
    Case{"heic", Form::full, package_heic, true},
    Case{"keyframes", Form::full, package_keyframes, true},
    Case{"mixed", Form::full, package_mixed, true},
    Case{"unchanged", Form::full, package_unchanged, true},
    Case{"jobs", Form::full, package_jobs, true},
    Case{"night", Form::full, package_night, true},
    Case{"memory", Form::full, package_memory, true},
    Case{"guard-pictures", Form::smoke, guard_pictures, true},
    Case{"guard-keyframes", Form::smoke, guard_keyframes, true},
    Case{"guard-unchanged", Form::smoke, guard_unchanged_posts, true},
};

// `pipeline upsert --db postgresql://…`: batched SQL alone on the same server.
constexpr std::array kPostgres{
    Case{"first-load", Form::full, postgres_first_load, true},
    Case{"unchanged", Form::full, postgres_unchanged, true},
    Case{"scattered", Form::full, postgres_scattered, true},
};

constexpr std::array kExperiments{
    CaseSet{"sync", "Rate limits, incremental mode, throughput, the plan's case and its matrix", kSync, sync_matrix},
    CaseSet{"upsert", "First load, unchanged and changed files, commits, memory, the plan's case and its matrix",
            kUpsert, upsert_matrix},
    CaseSet{"package", "Posts with pictures and videos, unchanged posts, cores, memory, and the plan's matrix",
            kPackage, package_matrix},
    CaseSet{"postgres", "A store on a PostgreSQL server: first load, the same file again, scattered changes", kPostgres,
            nullptr},
};

}  // namespace

std::span<const CaseSet> experiments() noexcept {
  return kExperiments;
}

}  // namespace pipeline::bench
