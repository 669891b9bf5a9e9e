# Half of a build is reading the same headers again. use_precompiled(<target>...) has them compiled once for all targets.
add_library(precompiled OBJECT ${PROJECT_SOURCE_DIR}/src/precompiled.cpp)
target_link_libraries(precompiled PRIVATE pipeline_warnings pipeline_sanitizers fmt::fmt nlohmann_json::nlohmann_json
                                          Threads::Threads)
target_precompile_headers(precompiled PRIVATE ${PROJECT_SOURCE_DIR}/src/precompiled.h)

function(use_precompiled)
  foreach(target IN LISTS ARGN)
    target_precompile_headers(${target} REUSE_FROM precompiled)
  endforeach()
endfunction()
