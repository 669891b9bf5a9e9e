# Warnings for our own targets only: link pipeline_warnings, libraries stay SYSTEM.
add_library(pipeline_warnings INTERFACE)
target_compile_options(
  pipeline_warnings
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            $<$<NOT:$<BOOL:${PIPELINE_UNITY}>>:-Wshadow> # of a name in another file
            -Wconversion
            -Wsign-conversion
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            -Wold-style-cast
            -Wcast-align
            $<$<BOOL:${PIPELINE_WERROR}>:-Werror>)

# g++ 12 warns falsely of what std::string does inside the standard library (gcc.gnu.org/PR105651), and precompiled headers
# no longer count as the system's. Later ones keep both warnings.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(pipeline_warnings INTERFACE -Wno-array-bounds -Wno-stringop-overread)
endif()

# It takes the files that another includes for headers.
if(PIPELINE_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(pipeline_warnings INTERFACE -Wno-subobject-linkage)
endif()
