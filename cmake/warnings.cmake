# Warnings for our own targets only: link pipeline_warnings, libraries stay SYSTEM.
add_library(pipeline_warnings INTERFACE)
target_compile_options(
  pipeline_warnings
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            -Wold-style-cast
            -Wcast-align
            $<$<BOOL:${PIPELINE_WERROR}>:-Werror>)
